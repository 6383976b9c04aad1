import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, SERVICE, SUBJECT } from "../../../test/support/baseline.ts";
import { aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { err, ok } from "../../domain/result.ts";
import { MAX_RULES_PER_ROBOT } from "../../domain/rules/federation-rule.ts";
import {
  clearFederation,
  type FederationEntry,
  readFederation,
  replaceFederation,
} from "./replace-federation.ts";

const BUILDER: RobotName = "acme+builder";
const DRAWN = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const STAGING = aRule({
  claims: { environment: ["staging"] },
  permissions: [{ registry: SERVICE, repository: "acme/app", role: "read" }],
  ttlSeconds: 300,
});
const OTHER = aRule({ id: "other", nonce: "other", subject: "repo:acme/other", enabled: false });
const PRODUCTION = aRule({ id: "rule-2", nonce: "nonce-2", claims: { environment: ["production"] } });
const [APP_ENTRY, OTHER_ENTRY, NEW_ENTRY] = [SUBJECT, "repo:acme/other", "repo:acme/new"].map(
  (subject): FederationEntry => ({ issuer: ISSUER_URL, subject }),
) as [FederationEntry, FederationEntry, FederationEntry];
const NEW_RULE = {
  id: DRAWN,
  nonce: DRAWN,
  enabled: true,
  description: "",
  ...NEW_ENTRY,
  claims: {},
  ttlSeconds: 3600,
};

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ rules: [STAGING, OTHER, PRODUCTION] }] });
});
afterEach(() => world.close());

const replace = (entries: readonly FederationEntry[], name = BUILDER) =>
  replaceFederation(world.deps, name, entries, aChangeBy());
const rules = async () => (await world.robot())?.rules;

describe("readFederation", () => {
  it("gives issuer and subject of each rule, once", async () => {
    expect(await readFederation(world.deps, BUILDER)).toEqual(ok([APP_ENTRY, OTHER_ENTRY]));
  });

  it("knows no other robot", async () => {
    expect(await readFederation(world.deps, "acme+nobody")).toEqual(
      err({ reason: "robot_unknown", detail: "acme+nobody" }),
    );
  });
});

describe("replaceFederation", () => {
  it("changes nothing for what it gave itself, in whatever order", async () => {
    const replaced = await replace([OTHER_ENTRY, APP_ENTRY]);
    expect(replaced).toMatchObject(ok({ entries: [APP_ENTRY, OTHER_ENTRY] }));
    expect(await rules()).toEqual([STAGING, OTHER, PRODUCTION]);
    expect(await world.events()).toEqual([]);
  });

  it("keeps whole what an entry names, adds the rest behind, and removes what none names", async () => {
    const replaced = await replace([NEW_ENTRY, APP_ENTRY]);
    expect(replaced).toEqual(
      ok({
        entries: [APP_ENTRY, NEW_ENTRY],
        version: expect.stringMatching(/^[0-9a-f]{32}$/),
        warnings: expect.any(Array),
      }),
    );
    expect(await rules()).toEqual([STAGING, PRODUCTION, NEW_RULE]);
    expect(await world.events()).toHaveLength(1);
  });

  it("tells entries apart that would be one text", async () => {
    const entries = [
      { issuer: ISSUER_URL, subject: "a:b" },
      { issuer: ISSUER_URL, subject: "a" },
    ];
    expect((await replace(entries)).ok).toBe(true);
    const split = [
      { issuer: `${ISSUER_URL}:a`, subject: "b" },
      { issuer: ISSUER_URL, subject: "a:b" },
    ];
    // Not a duplicate: the first is of another issuer, which nobody has registered.
    expect(await replace(split)).toEqual(err({ reason: "issuer_unknown", detail: `${ISSUER_URL}:a` }));
  });

  it.each<{ what: string; entries: readonly FederationEntry[]; error: object }>([
    {
      what: "an entry twice, with Quay's sentence",
      entries: [NEW_ENTRY, NEW_ENTRY],
      error: { reason: "request_malformed", detail: "Duplicate federation config entry" },
    },
    {
      what: "an issuer that is not registered",
      entries: [NEW_ENTRY, { issuer: "https://other", subject: "s" }],
      error: { reason: "issuer_unknown", detail: "https://other" },
    },
    {
      what: "more than a robot may have",
      entries: Array.from({ length: MAX_RULES_PER_ROBOT + 1 }, (_, at) => ({
        issuer: ISSUER_URL,
        subject: `s-${at}`,
      })),
      error: { reason: "limit_reached", detail: "a robot has at most 1000 rules" },
    },
    {
      what: "one that is never reached behind one that stays",
      entries: [APP_ENTRY, { issuer: ISSUER_URL, subject: "**" }, NEW_ENTRY],
      error: expect.objectContaining({ reason: "rules_refused" }),
    },
  ])("refuses $what, and writes nothing", async ({ entries, error }) => {
    expect(await replace(entries)).toEqual(err(error));
    expect(await rules()).toEqual([STAGING, OTHER, PRODUCTION]);
    expect(await world.events()).toEqual([]);
  });

  it("knows no other robot", async () => {
    expect(await replace([], "acme+nobody")).toEqual(err({ reason: "robot_unknown", detail: "acme+nobody" }));
  });
});

it("clearFederation removes all rules", async () => {
  expect(await clearFederation(world.deps, BUILDER, aChangeBy())).toMatchObject(ok({ entries: [] }));
  expect(await rules()).toEqual([]);
});
