import { describe, expect, it } from "vitest";
import { aRule, SERVICE } from "../../../test/support/baseline.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import type { DeclaredRule } from "./declaration.ts";
import { carryRules, reviseRule } from "./rule-carry.ts";

const READ = { registry: SERVICE, repository: "acme/app", role: "read" } as const;
const PULL_BASE = { registry: SERVICE, repository: "acme/base", role: "read" } as const;

function declaredRule(change: Partial<DeclaredRule> = {}): DeclaredRule {
  const { id, nonce, ...content } = aRule(change);
  return content;
}

function carry(declared: readonly DeclaredRule[], old: readonly FederationRule[]) {
  let drawn = 0;
  const rules = carryRules(declared, old, () => {
    drawn += 1;
    return `drawn-${drawn}`;
  });
  return rules.map(({ id, nonce }) => `${id} ${nonce}`);
}

describe("carryRules", () => {
  it("draws id and nonce of each new rule", () => {
    expect(carryRules([declaredRule()], [], () => "drawn")).toEqual([aRule({ id: "drawn", nonce: "drawn" })]);
  });

  it("follows rules that have moved", () => {
    const old = [aRule({ id: "1", nonce: "n1" }), aRule({ id: "2", nonce: "n2", subject: "second" })];
    const declared = [
      declaredRule({ subject: "third" }),
      declaredRule({ subject: "second" }),
      declaredRule(),
    ];
    expect(carry(declared, old)).toEqual(["drawn-2 drawn-1", "2 n2", "1 n1"]);
  });

  // attack 69
  it.each<{ what: string; change: Partial<DeclaredRule>; from?: Partial<FederationRule>; carried: string }>([
    { what: "the same", change: {}, carried: "rule-1 rule-nonce" },
    { what: "described anew", change: { description: "new" }, carried: "rule-1 rule-nonce" },
    {
      what: "in another order",
      change: { claims: { b: ["1", "2"], a: ["3"] }, permissions: [READ, PULL_BASE] },
      from: { claims: { a: ["3"], b: ["2", "1"] }, permissions: [PULL_BASE, READ] },
      carried: "rule-1 rule-nonce",
    },
    { what: "disabled", change: { enabled: false }, carried: "rule-1 drawn-1" },
    { what: "enabled", change: {}, from: { enabled: false }, carried: "rule-1 drawn-1" },
    { what: "of another issuer", change: { issuer: "other" }, carried: "drawn-2 drawn-1" },
    { what: "of another subject", change: { subject: "other" }, carried: "drawn-2 drawn-1" },
    { what: "of an audience", change: { audience: "other" }, carried: "drawn-2 drawn-1" },
    { what: "of a claim", change: { claims: { ref: ["main"] } }, carried: "drawn-2 drawn-1" },
    { what: "of permissions", change: { permissions: [READ] }, carried: "drawn-2 drawn-1" },
    { what: "of no permissions", change: { permissions: [] }, carried: "drawn-2 drawn-1" },
    { what: "of API scopes", change: { apiScopes: ["rules:write"] }, carried: "drawn-2 drawn-1" },
    {
      what: "of one API scope less",
      change: { apiScopes: ["rules:write"] },
      from: { apiScopes: ["rules:write", "robots:write"] },
      carried: "drawn-2 drawn-1",
    },
    {
      what: "of API scopes in another order",
      change: { apiScopes: ["robots:write", "rules:write"] },
      from: { apiScopes: ["rules:write", "robots:write"] },
      carried: "rule-1 rule-nonce",
    },
    { what: "of a pin", change: { pin: "first-use" }, carried: "drawn-2 drawn-1" },
    { what: "of another lifetime", change: { ttlSeconds: 300 }, carried: "drawn-2 drawn-1" },
  ])("gives a rule that is $what $carried", ({ change, from, carried }) => {
    expect(carry([declaredRule(change)], [aRule(from)])).toEqual([carried]);
  });

  it("carries each of two equal rules over once, the one that is as enabled first", () => {
    const old = [aRule({ id: "1", nonce: "n1", enabled: false }), aRule({ id: "2", nonce: "n2" })];
    expect(carry([declaredRule(), declaredRule(), declaredRule()], old)).toEqual([
      "2 n2",
      "1 drawn-1",
      "drawn-3 drawn-2",
    ]);
  });
});

describe("reviseRule", () => {
  const PINNING = { pin: "first-use" } as const;

  it.each<{ what: string; change: Partial<DeclaredRule>; from?: Partial<FederationRule>; revised: string }>([
    { what: "the same", change: {}, revised: "rule-1 rule-nonce" },
    { what: "described anew", change: { description: "new" }, revised: "rule-1 rule-nonce" },
    { what: "disabled", change: { enabled: false }, revised: "rule-1 drawn-1" },
    { what: "enabled", change: {}, from: { enabled: false }, revised: "rule-1 drawn-1" },
    { what: "of another subject", change: { subject: "other" }, revised: "rule-1 drawn-1" },
    { what: "of another lifetime", change: { ttlSeconds: 300 }, revised: "rule-1 drawn-1" },
    { what: "of API scopes", change: { apiScopes: ["rules:write"] }, revised: "rule-1 drawn-1" },
    { what: "to pin", change: { ...PINNING, subject: "other" }, revised: "rule-1 drawn-1" },
    { what: "to pin no more", change: {}, from: PINNING, revised: "drawn-1 drawn-2" },
    {
      what: "of another lifetime and pins",
      change: { ...PINNING, ttlSeconds: 300 },
      from: PINNING,
      revised: "rule-1 drawn-1",
    },
    // What it has pinned is of the jobs that it named before, and would shut out all others for good.
    {
      what: "of another subject and pins",
      change: { ...PINNING, subject: "other" },
      from: PINNING,
      revised: "drawn-1 drawn-2",
    },
    {
      what: "of another claim and pins",
      change: { ...PINNING, claims: { ref: ["main"] } },
      from: PINNING,
      revised: "drawn-1 drawn-2",
    },
    {
      what: "of another issuer and pins",
      change: { ...PINNING, issuer: "other" },
      from: PINNING,
      revised: "drawn-1 drawn-2",
    },
  ])("makes a rule that is $what $revised", ({ change, from, revised }) => {
    let drawn = 0;
    const rule = reviseRule(aRule(from), declaredRule(change), () => {
      drawn += 1;
      return `drawn-${drawn}`;
    });
    expect(`${rule.id} ${rule.nonce}`).toBe(revised);
    expect(rule).toEqual({ ...declaredRule(change), id: rule.id, nonce: rule.nonce });
  });
});
