import { describe, expect, it } from "vitest";
import { aNamespace, anIssuer, aRegistry, aRobot, aRule } from "../../../test/support/baseline.ts";
import {
  auditChange,
  auditDifference,
  auditViewOfIssuer,
  auditViewOfNamespace,
  auditViewOfRegistry,
  auditViewOfRobot,
  auditViewOfRule,
} from "./audit-view.ts";
import type { Robot } from "./robot.ts";

const HASH = "ab".repeat(32);
const TOKEN = { hash: HASH, number: 2, createdAt: 5, declared: false };

/** What becomes of the baseline's robot. */
const difference = (before: Partial<Robot>, after: Partial<Robot>) =>
  auditDifference(auditViewOfRobot(aRobot(before)), auditViewOfRobot(aRobot(after)));

describe("a view", () => {
  it("of a robot shows its tokens by number, and no hash, nonce or uid", () => {
    const view = auditViewOfRobot(
      aRobot({
        token: { ...TOKEN, expiresAt: 9 },
        previousToken: { ...TOKEN, number: 1 },
        keylessOnly: true,
        metadata: { team: "one" },
      }),
    );
    const { nonce, ...rule } = aRule();
    const { name, uid, nonce: _, ...robot } = aRobot();
    expect(view).toEqual({
      ...robot,
      rules: [rule],
      token: { number: 2, createdAt: 5, expiresAt: 9 },
      previousToken: { number: 1, createdAt: 5 },
      keylessOnly: true,
      metadata: { team: "one" },
    });
  });

  it("of the others leaves out their nonces, and their names, which stand beside it", () => {
    const { nonce, url, ...issuer } = anIssuer();
    const { service, ...registry } = aRegistry();
    const { nonce: _, ...rule } = aRule();
    expect(auditViewOfIssuer(anIssuer())).toEqual(issuer);
    expect(auditViewOfRegistry(aRegistry())).toEqual(registry);
    expect(auditViewOfRule(aRule())).toEqual(rule);
    expect(auditViewOfNamespace(aNamespace())).toEqual({
      kind: "organization",
      enabled: true,
      managedBy: "file",
    });
  });
});

describe("a difference", () => {
  it("has the members that differ, also those that only one side has", () => {
    expect(difference({ metadata: { a: 1 } }, { description: "new", token: TOKEN })).toEqual({
      before: { description: "", metadata: { a: 1 } },
      after: { description: "new", token: { number: 2, createdAt: 5 } },
    });
  });

  it("is nothing for the same, whatever the order of its members", () => {
    expect(difference({ metadata: { a: 1, b: 2 } }, { metadata: { b: 2, a: 1 } })).toEqual({
      before: {},
      after: {},
    });
  });

  it("has of a list as long as before the entries that differ", () => {
    const view = (...tags: readonly string[]) => ({ tags });
    expect(auditDifference(view("a", "b"), view("a", "c"))).toEqual({ before: view("b"), after: view("c") });
    expect(auditDifference(view("a"), view("a", "c"))).toEqual({ before: view(), after: view("c") });
  });

  it("has of a list the entries that differ", () => {
    const [one, two, three] = ["rule-1", "rule-2", "rule-3"].map((id) => aRule({ id }));
    if (!one || !two || !three) throw new Error("no rules");
    const changed = { ...two, subject: "other" };
    expect(difference({ rules: [one, two] }, { rules: [one, changed, three] })).toEqual({
      before: { rules: [auditViewOfRule(two)] },
      after: { rules: [auditViewOfRule(changed), auditViewOfRule(three)] },
    });
  });

  it("has of a list in another order the order: ids, or the entries where they have none", () => {
    const rules = [aRule(), aRule({ id: "rule-2" })];
    const permissions = [
      { registry: "r", repository: "acme/a", role: "read" },
      { registry: "r", repository: "acme/b", role: "read" },
    ] as const;
    const reordered = { rules: rules.toReversed(), permissions: permissions.toReversed() };
    expect(difference({ rules, permissions }, reordered)).toEqual({
      before: { rules: ["rule-1", "rule-2"], permissions },
      after: { rules: ["rule-2", "rule-1"], permissions: permissions.toReversed() },
    });
    expect(auditDifference({ list: ["a", null] }, { list: [null, "a"] })).toEqual({
      before: { list: ["a", null] },
      after: { list: [null, "a"] },
    });
  });

  it("has all of a member that is a list on one side only", () => {
    expect(auditDifference({ claim: ["a"] }, { claim: "a" })).toEqual({
      before: { claim: ["a"] },
      after: { claim: "a" },
    });
  });

  it("has fifty entries of a list, and the number of the rest", () => {
    const rules = Array.from({ length: 52 }, (_, at) => aRule({ id: `rule-${at}` }));
    const { after } = difference({ rules: [] }, { rules });
    expect(after?.rules).toEqual([...rules.slice(0, 50).map(auditViewOfRule), "and 2 more"]);
    expect(difference({ rules: [] }, { rules: rules.slice(0, 50) }).after?.rules).toHaveLength(50);
    const made = auditDifference(undefined, auditViewOfRobot(aRobot({ rules })));
    expect(made.after?.rules).toHaveLength(51);
  });
});

describe("auditChange", () => {
  it("has one side of what is made or removed", () => {
    expect(auditChange("namespace acme", undefined, { kind: "user" })).toEqual({
      object: "namespace acme",
      after: { kind: "user" },
    });
    expect(auditChange("namespace acme", { kind: "user" }, undefined)).toEqual({
      object: "namespace acme",
      before: { kind: "user" },
    });
  });
});
