import { isPattern, matchesPattern } from "./access/pattern.ts";
import { comparableClaim, stringClaim } from "./identity/claims.ts";
import type { Profile } from "./identity/profiles/profile.ts";
import type { JsonObject } from "./identity/strict-json.ts";
import type { FederationRule } from "./rules/federation-rule.ts";
import { fixedPrefix } from "./rules/rule-pins.ts";

type RuleOfTenant = Pick<FederationRule, "issuer" | "subject" | "claims">;

/**
 * The tenant of a verified token, if one of `rules` names it: `repository_owner_id=42`, or the part of the subject
 * that names it, `sub=repo:acme/`. Undefined for a stranger: anybody can have a token of an issuer that all share,
 * and must not be able to write into a namespace's records with it.
 *
 * An issuer that is one tenant's own, and whose family knows no other tenants, is the tenant: `iss=…`.
 */
export function namedTenant(
  rules: readonly RuleOfTenant[],
  claims: JsonObject,
  profile: Profile,
): string | undefined {
  const iss = stringClaim(claims, "iss");
  const ofIssuer = rules.filter((rule) => rule.issuer === iss);
  const issuer = ofIssuer[0]?.issuer;
  if (issuer === undefined) return undefined;
  return (
    tenantByClaim(ofIssuer, claims, profile) ??
    tenantBySubject(ofIssuer, claims, profile) ??
    (profile.tenants.length === 0 && !profile.isShared(issuer) ? `iss=${issuer}` : undefined)
  );
}

function tenantByClaim(rules: readonly RuleOfTenant[], claims: JsonObject, { tenants }: Profile) {
  for (const { claim } of tenants) {
    const value = comparableClaim(claims, claim);
    if (value === undefined) continue;
    if (rules.some((rule) => rule.claims[claim]?.some((pattern) => namesValue(pattern, value)))) {
      return `${claim}=${value}`;
    }
  }
  return undefined;
}

/** A pattern names a tenant when a whole segment stands before its first wildcard: `acme/*`, and not `acme*`. */
function namesValue(pattern: string, value: string): boolean {
  return matchesPattern(pattern, value) && (!isPattern(pattern) || /[/:]/.test(fixedPrefix(pattern)));
}

function tenantBySubject(rules: readonly RuleOfTenant[], claims: JsonObject, profile: Profile) {
  if (profile.tenants.length === 0) return undefined;
  const spellings = profile.subjectSpellings(claims);
  for (const { subject } of rules) {
    const tenant = tenantPart(fixedPrefix(subject), profile);
    if (tenant !== undefined && spellings?.some((spelling) => spelling.startsWith(tenant))) {
      return `sub=${tenant}`;
    }
  }
  return undefined;
}

/** The shortest beginning of a subject that names a tenant; it ends where a segment ends. */
function tenantPart(prefix: string, profile: Profile): string | undefined {
  const ends = [...prefix.matchAll(/[/:]/g)].map(({ index }) => index + 1);
  return [...ends, prefix.length]
    .map((end) => prefix.slice(0, end))
    .find((part) => profile.tenantOfSubject(part) !== "none");
}
