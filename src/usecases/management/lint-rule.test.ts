import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import { aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { err } from "../../domain/result.ts";
import { MAX_RULES_PER_ROBOT } from "../../domain/rules/federation-rule.ts";
import { lintRule, type RulePlace } from "./lint-rule.ts";
import { createRule } from "./manage-rules.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ rules: [FIRST, SECOND] }] });
});
afterEach(() => world.close());

const BUILDER: RobotName = "acme+builder";
const FIRST = aRule({ ttlSeconds: 900 });
const SECOND = aRule({ id: "rule-2", nonce: "nonce-2", subject: "repo:acme/second", ttlSeconds: 900 });

function declared(change: Partial<DeclaredRule> = {}): DeclaredRule {
  const { id: _, nonce: __, ...rule } = FIRST;
  return { ...rule, subject: "repo:acme/new", ...change };
}

const lint = (rule: DeclaredRule, place: RulePlace = {}, name = BUILDER) =>
  lintRule(world.deps, name, rule, place);

/** `0 duplicate-rule` for what stands against the rule, and for its warnings. */
async function said(rule: DeclaredRule, place?: RulePlace) {
  const judged = await lint(rule, place);
  if (!judged.ok) throw new Error(judged.error.reason);
  const codes = (found: readonly { ruleIndex: number; code: string }[]) =>
    found.map(({ ruleIndex, code }) => `${ruleIndex} ${code}`);
  return { refused: codes(judged.value.refused), warnings: codes(judged.value.warnings) };
}

describe("lintRule", () => {
  it("has nothing to say of a good rule, and writes nothing", async () => {
    const before = await world.robot();
    expect(await said(declared())).toEqual({ refused: [], warnings: [] });
    expect(await world.robot()).toEqual(before);
    expect(await world.events()).toEqual([]);
  });

  it("says what would be refused and what would be told, at the place where the rule would stand", async () => {
    const open = declared({ subject: "**", ttlSeconds: 3600 });
    expect(await said(open)).toEqual({ refused: ["2 pins-nothing"], warnings: ["2 long-lifetime"] });
    expect((await said(open, { before: "rule-2" })).refused).toContain("1 pins-nothing");
    expect((await said(open, { replaces: "rule-1" })).refused).toContain("0 pins-nothing");
  });

  it("agrees with the saving", async () => {
    const same = declared({ subject: FIRST.subject });
    expect((await said(same)).refused).toEqual(["2 duplicate-rule"]);
    expect(await createRule(world.deps, BUILDER, same, {}, aChangeBy())).toMatchObject({
      error: { reason: "rules_refused", findings: [{ ruleIndex: 2, code: "duplicate-rule" }] },
    });
    // In its own place it is no second one.
    expect((await said(same, { replaces: "rule-1" })).refused).toEqual([]);
  });

  it.each<[string, Parameters<typeof lint>, object]>([
    ["a name that is none", [declared(), {}, "a{c}me+x"], { reason: "name_malformed", detail: "a{c}me+x" }],
    [
      "an unknown namespace",
      [declared(), {}, "other+builder"],
      { reason: "namespace_unknown", detail: "other" },
    ],
    ["an unknown robot", [declared(), {}, "acme+nobody"], { reason: "robot_unknown", detail: "acme+nobody" }],
    [
      "an unknown neighbour",
      [declared(), { before: "rule-9" }],
      { reason: "rule_unknown", detail: "rule-9" },
    ],
    [
      "an unknown rule to replace",
      [declared(), { replaces: "rule-9" }],
      { reason: "rule_unknown", detail: "rule-9" },
    ],
    [
      "an unknown issuer",
      [declared({ issuer: "https://nobody.example.com" })],
      { reason: "issuer_unknown", detail: "https://nobody.example.com" },
    ],
  ])("refuses %s", async (_, args, refusal) => {
    expect(await lint(...args)).toEqual(err(refusal));
  });

  it("refuses one more than a robot may have, and not one instead of another", async () => {
    const rules = Array.from({ length: MAX_RULES_PER_ROBOT }, (_, at) =>
      aRule({ id: `rule-${at}`, subject: `repo:acme/app-${at}`, enabled: false }),
    );
    await world.put({ robots: [{ rules }] });
    expect(await lint(declared())).toMatchObject({ error: { reason: "limit_reached" } });
    expect(await lint(declared(), { replaces: "rule-1" })).toMatchObject({ ok: true });
  });
});
