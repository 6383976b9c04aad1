import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aRule, SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { asVerifiedClaims } from "../../domain/identity/claims.ts";
import { err } from "../../domain/result.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { chooseRule } from "./choose-rule.ts";

let world: UseCaseWorld;
beforeAll(async () => {
  world = await startUseCaseWorld();
});
afterAll(() => world.close());

async function choose(robot: RobotName = "acme+builder", profile: string = "generic") {
  world.takeSteps();
  const claims = asVerifiedClaims(
    new Map([
      ["iss", world.issuer.url],
      ["sub", SUBJECT],
      ["environment", "staging"],
      ["event_name", "pull_request_target"],
    ]),
  );
  const issuer = world.issuer.issuer({ profile });
  const chosen = await chooseRule(world.deps.directory, robot, { issuer, claims });
  expect(world.takeSteps()).toEqual(["directory.findAccount"]);
  return chosen;
}

const rule = (change: Partial<FederationRule>) => aRule({ issuer: world.issuer.url, ...change });

describe("refuses", () => {
  const rows: { change: string; records?: () => BerthChange; robot?: RobotName; detail: string }[] = [
    { change: "an unknown robot", robot: "acme+nobody", detail: "no such robot account" },
    { change: "an unknown namespace", robot: "other+builder", detail: "no such robot account" },
    {
      change: "a disabled robot",
      records: () => ({ robot: { enabled: false } }),
      detail: "the robot account is disabled",
    },
    {
      change: "a robot of a disabled namespace",
      records: () => ({ namespace: { enabled: false } }),
      detail: "the robot account is disabled",
    },
    {
      change: "a robot without rules",
      records: () => ({ robot: { rules: [] } }),
      detail: "the robot account has no rules",
    },
    {
      change: "what no rule accepts, and names each condition",
      records: () => ({
        robot: {
          rules: [
            rule({ id: "a", enabled: false }),
            rule({ id: "b", issuer: "https://other.example.com" }),
            rule({ id: "c", subject: "repo:acme/app:ref:refs/tags/v1" }),
            rule({ id: "d", claims: { environment: ["production"] } }),
          ],
        },
      }),
      detail: "rule a: enabled; rule b: issuer; rule c: subject; rule d: claim environment",
    },
    {
      change: "twenty rules, all named",
      records: () => ({ robot: { rules: failingRules(20) } }),
      detail: namesOf(20),
    },
    {
      change: "twenty-two rules, of which the last two are counted",
      records: () => ({ robot: { rules: failingRules(22) } }),
      detail: `${namesOf(20)}; and 2 more`,
    },
  ];
  it.each(rows)("$change", async ({ records, robot, detail }) => {
    await world.put(records?.() ?? {});
    expect(await choose(robot)).toEqual(err({ reason: "no_match", detail }));
  });
});

const failingRules = (count: number) =>
  Array.from({ length: count }, (_, at) => rule({ id: `r${at}`, nonce: `n${at}`, enabled: false }));
const namesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `rule r${at}: enabled`).join("; ");

// attack 68
it("takes the first rule that matches, and no more of the next", async () => {
  const rules = [
    rule({ id: "no", subject: "repo:acme/app:ref:refs/tags/v1" }),
    rule({ id: "first", ttlSeconds: 300, claims: { environment: ["staging"] } }),
    rule({ id: "second", ttlSeconds: 3600 }),
  ];
  await world.put({ robot: { rules } });
  const chosen = await choose();
  expect(chosen).toMatchObject({ ok: true, value: { account: { robot: { name: "acme+builder" } } } });
  expect(chosen.ok && chosen.value.rule).toEqual(rules[1]);
});

it("matches by the profile of the token's issuer", async () => {
  await world.put({});
  expect(await choose("acme+builder", "generic")).toMatchObject({ ok: true });
  expect(await choose("acme+builder", "github")).toMatchObject({
    error: { reason: "no_match", detail: expect.stringMatching(/^rule rule-1: denied: /) },
  });
});
