import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL } from "../../test/support/baseline.ts";
import { generic } from "./identity/profiles/generic.ts";
import type { Profile } from "./identity/profiles/profile.ts";
import type { JsonValue } from "./identity/strict-json.ts";
import { namedTenant } from "./near-miss-tenant.ts";
import type { FederationRule } from "./rules/federation-rule.ts";

/** An issuer that all share: an owner has a name and an id, and stands in the subject as `repo:owner/`. */
const shared: Profile = {
  ...generic,
  isShared: () => true,
  tenants: [{ claim: "owner_id" }, { claim: "owner", id: "owner_id" }, { claim: "repository" }],
  tenantOfSubject: (prefix) => (/^repo:[^/:]+\//.test(prefix) ? "name" : "none"),
};

const token = (change: Readonly<Record<string, JsonValue>> = {}) =>
  new Map<string, JsonValue>(
    Object.entries({
      iss: ISSUER_URL,
      sub: "repo:acme/web:ref:refs/heads/main",
      owner: "acme",
      owner_id: "42",
      repository: "acme/web",
      ...change,
    }),
  );

interface Row {
  readonly rule: string;
  readonly change: Partial<FederationRule>;
  readonly tenant: string | undefined;
}

describe("namedTenant", () => {
  const rows: Row[] = [
    { rule: "the id", change: { claims: { owner_id: ["42"] } }, tenant: "owner_id=42" },
    { rule: "the name", change: { claims: { owner: ["acme"] } }, tenant: "owner=acme" },
    { rule: "one of several", change: { claims: { owner_id: ["41", "42"] } }, tenant: "owner_id=42" },
    { rule: "another id", change: { claims: { owner_id: ["43"] } }, tenant: undefined },
    { rule: "no tenant", change: { claims: { environment: ["production"] } }, tenant: undefined },
    {
      rule: "all below a whole name",
      change: { claims: { repository: ["acme/*"] } },
      tenant: "repository=acme/web",
    },
    { rule: "a beginning of a name", change: { claims: { repository: ["ac**"] } }, tenant: undefined },
    { rule: "any tenant at all", change: { claims: { owner_id: ["**"] } }, tenant: undefined },
    {
      rule: "a repository of the owner in its subject",
      change: { subject: "repo:acme/app:ref:*" },
      tenant: "sub=repo:acme/",
    },
    { rule: "the owner in its subject", change: { subject: "repo:acme/**" }, tenant: "sub=repo:acme/" },
    { rule: "another owner in its subject", change: { subject: "repo:acm/**" }, tenant: undefined },
    {
      rule: "a beginning of an owner in its subject",
      change: { subject: "repo:acme*/**" },
      tenant: undefined,
    },
    {
      rule: "it, of another issuer",
      change: { issuer: `${ISSUER_URL}/`, claims: { owner_id: ["42"] } },
      tenant: undefined,
    },
    {
      rule: "it, and is disabled",
      change: { enabled: false, claims: { owner_id: ["42"] } },
      tenant: "owner_id=42",
    },
  ];
  it.each(rows)("is $tenant for a rule that names $rule", ({ change, tenant }) => {
    expect(namedTenant([aRule({ subject: "x", ...change })], token(), shared)).toBe(tenant);
  });

  it("looks at all rules, an id first", () => {
    const rules = [
      aRule({ subject: "repo:acme/app" }),
      aRule({ subject: "x", claims: { owner: ["acme"] } }),
      aRule({ subject: "x", claims: { owner_id: ["42"] } }),
    ];
    expect(namedTenant(rules, token(), shared)).toBe("owner_id=42");
  });

  it("takes a claim that is no text for none", () => {
    const rules = [aRule({ subject: "x", claims: { owner_id: ["42", "acme/*"] } })];
    expect(namedTenant(rules, token({ owner_id: ["42"] }), shared)).toBeUndefined();
  });

  it("takes no word of the token for a tenant that the rule's subject does not name", () => {
    const rules = [aRule({ subject: "x" })];
    expect(namedTenant(rules, token({ sub: "undefined" }), shared)).toBeUndefined();
  });

  it("looks at every spelling of the token's subject", () => {
    const spellings = ["repo:acme/web:x", "repo:acme@42/web@7:x"];
    const twice = { ...shared, subjectSpellings: () => spellings };
    const rules = [aRule({ subject: "repo:acme@42/**" })];
    expect(namedTenant(rules, token(), twice)).toBe("sub=repo:acme@42/");
  });

  it("has none for a token that contradicts itself", () => {
    const contradicted = { ...shared, subjectSpellings: () => undefined };
    const rules = [aRule({ subject: "repo:acme/**" })];
    expect(namedTenant(rules, token(), contradicted)).toBeUndefined();
  });

  it("is the issuer where that is one tenant's own", () => {
    expect(namedTenant([aRule()], token(), generic)).toBe(`iss=${ISSUER_URL}`);
    expect(namedTenant([aRule({ issuer: "https://other.example.com" })], token(), generic)).toBeUndefined();
    expect(namedTenant([aRule()], token(), { ...generic, isShared: () => true })).toBeUndefined();
    expect(namedTenant([aRule()], token({ iss: null }), generic)).toBeUndefined();
  });
});
