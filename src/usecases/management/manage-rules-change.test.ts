import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import { aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { err, ok } from "../../domain/result.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { deleteRule, reorderRules, setRuleEnabled, updateRule } from "./manage-rules.ts";

const BUILDER: RobotName = "acme+builder";
const DRAWN = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const FIRST = aRule();
const SECOND = aRule({ id: "rule-2", nonce: "nonce-2", subject: "repo:acme/second" });
const THIRD = aRule({ id: "rule-3", nonce: "nonce-3", subject: "repo:acme/third" });

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ rules: [FIRST, SECOND, THIRD] }] });
});
afterEach(() => world.close());

function declared(change: Partial<DeclaredRule> = {}): DeclaredRule {
  const { id: _, nonce: __, ...rule } = aRule();
  return { ...rule, subject: "repo:acme/new", ...change };
}

const rules = async () => (await world.robot())?.rules;
const ids = async () => (await rules())?.map(({ id }) => id);
const findingCodes = (refused: object) =>
  "findings" in refused && Array.isArray(refused.findings) ? refused.findings.map(({ code }) => code) : [];

describe("updateRule", () => {
  const update = (change: Partial<DeclaredRule>, id = "rule-2") =>
    updateRule(world.deps, BUILDER, id, { ...declared(), subject: SECOND.subject, ...change }, aChangeBy());

  it("keeps the rule's place and id, and draws a nonce where it asks or grants something else", async () => {
    const updated = await update({ ttlSeconds: 300 });
    const rule = { ...SECOND, ttlSeconds: 300, nonce: DRAWN };
    expect(updated).toEqual(ok({ rule, version: VERSION, warnings: expect.any(Array) }));
    expect(await rules()).toEqual([FIRST, rule, THIRD]);
    expect(await world.events()).toMatchObject([{ ruleId: "rule-2" }]);
  });

  it("keeps the nonce of one that is only described anew", async () => {
    expect(await update({ description: "new" })).toMatchObject(
      ok({ rule: { ...SECOND, description: "new" } }),
    );
  });

  it("gives one that pins and names other jobs an id of its own", async () => {
    await world.put({ robots: [{ rules: [FIRST, { ...SECOND, pin: "first-use" }, THIRD] }] });
    const updated = await update({ pin: "first-use", subject: "repo:acme/other" });
    expect(updated).toMatchObject(ok({ rule: { id: DRAWN, subject: "repo:acme/other" } }));
    expect(await ids()).toEqual(["rule-1", DRAWN, "rule-3"]);
  });

  it.each<{ what: string; change: Partial<DeclaredRule>; id?: string; reason: string }>([
    { what: "an unknown rule", change: {}, id: "rule-9", reason: "rule_unknown" },
    { what: "an unknown issuer", change: { issuer: "https://other" }, reason: "issuer_unknown" },
    { what: "what the linter refuses", change: { subject: FIRST.subject }, reason: "rules_refused" },
  ])("refuses $what", async ({ change, id, reason }) => {
    expect(await update(change, id)).toMatchObject(err({ reason }));
    expect(await world.events()).toEqual([]);
  });
});

describe("setRuleEnabled", () => {
  const setEnabled = (enabled: boolean, id = "rule-2") =>
    setRuleEnabled(world.deps, BUILDER, id, enabled, aChangeBy());

  it("disables and enables, each time with a new nonce", async () => {
    const disabled = await setEnabled(false);
    expect(disabled).toMatchObject(ok({ rule: { ...SECOND, enabled: false, nonce: DRAWN } }));
    const enabled = await setEnabled(true);
    expect(enabled).toMatchObject(ok({ rule: { ...SECOND, nonce: DRAWN } }));
    expect(enabled.ok && disabled.ok && enabled.value.rule.nonce).not.toBe(
      disabled.ok && disabled.value.rule.nonce,
    );
  });

  it("changes nothing where it is so already", async () => {
    expect(await setEnabled(true)).toMatchObject(ok({ rule: SECOND }));
    expect(await world.events()).toEqual([]);
  });

  it("disables a rule of a robot that a file manages, and never enables one", async () => {
    await world.put({ robots: [{ managedBy: "file", rules: [SECOND] }] });
    expect(await setEnabled(false)).toMatchObject(ok({ rule: { enabled: false } }));
    expect(await world.robot()).toMatchObject({ managedBy: "file" });
    expect(await setEnabled(true)).toEqual(err({ reason: "managed_elsewhere", detail: "file" }));
  });

  it("disables a rule whatever the linter says, and enables none that it refuses", async () => {
    const twin: FederationRule = { ...SECOND, id: "twin", enabled: false };
    await world.put({ robots: [{ rules: [twin, SECOND] }] });
    expect(await setEnabled(false)).toMatchObject(ok({ rule: { enabled: false } }));
    await world.put({
      robots: [
        {
          rules: [
            { ...SECOND, id: "twin" },
            { ...SECOND, enabled: false },
          ],
        },
      ],
    });
    expect(await setEnabled(true)).toMatchObject(err({ reason: "rules_refused" }));
  });

  it("knows no other rule", async () => {
    expect(await setEnabled(false, "rule-9")).toEqual(err({ reason: "rule_unknown", detail: "rule-9" }));
  });
});

describe("deleteRule", () => {
  it("removes the rule and leaves the others as they are", async () => {
    const deleted = await deleteRule(world.deps, BUILDER, "rule-2", aChangeBy());
    expect(deleted).toEqual(ok({ rules: [FIRST, THIRD], version: VERSION, warnings: expect.any(Array) }));
    expect(await rules()).toEqual([FIRST, THIRD]);
    expect(await world.events()).toMatchObject([
      { ruleId: "rule-2", changes: [{ before: { rules: [{ id: "rule-2" }] }, after: { rules: [] } }] },
    ]);
  });

  it("removes one from a robot whose other rules the linter refuses", async () => {
    const wide = aRule({ id: "wide", subject: "repo:acme/**" });
    await world.put({ robots: [{ rules: [wide, FIRST, SECOND] }] });
    expect((await deleteRule(world.deps, BUILDER, "rule-2", aChangeBy())).ok).toBe(true);
  });

  it("knows no other rule", async () => {
    expect(await deleteRule(world.deps, BUILDER, "rule-9", aChangeBy())).toEqual(
      err({ reason: "rule_unknown", detail: "rule-9" }),
    );
    expect(await world.events()).toEqual([]);
  });
});

describe("reorderRules", () => {
  const reorder = (...order: readonly string[]) => reorderRules(world.deps, BUILDER, order, aChangeBy());

  it("puts them in that order, and changes nothing of them", async () => {
    const reordered = await reorder("rule-3", "rule-1", "rule-2");
    expect(reordered).toMatchObject(ok({ rules: [THIRD, FIRST, SECOND], version: VERSION }));
    expect(await rules()).toEqual([THIRD, FIRST, SECOND]);
  });

  it.each([
    [["rule-1", "rule-2"]],
    [["rule-1", "rule-2", "rule-2"]],
    [["rule-1", "rule-2", "rule-3", "rule-3"]],
    [["rule-1", "rule-2", "rule-3", "rule-4"]],
    [["rule-1", "rule-2", "rule-4"]],
    [[]],
  ])("refuses %j", async (order) => {
    expect(await reorder(...order)).toEqual(
      err({
        reason: "request_malformed",
        detail: "the list must hold the id of each of the robot's rules, once",
      }),
    );
    expect(await ids()).toEqual(["rule-1", "rule-2", "rule-3"]);
  });

  it("refuses an order in which one is never reached", async () => {
    const wide = aRule({ id: "wide", subject: "repo:acme/**" });
    await world.put({ robots: [{ rules: [FIRST, wide] }] });
    const refused = await reorder("wide", "rule-1");
    expect(!refused.ok && findingCodes(refused.error)).toEqual(["unreachable-rule"]);
    expect(await ids()).toEqual(["rule-1", "wide"]);
  });
});
