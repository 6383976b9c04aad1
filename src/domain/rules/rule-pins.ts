import { isPattern } from "../access/pattern.ts";
import type { Permission } from "../access/permission.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { ReplayPolicy } from "../identity/issuer.ts";
import type { Profile, SubjectTenant } from "../identity/profiles/profile.ts";
import { namesClaim } from "./federation-rule.ts";

/** What the linter knows of a trusted issuer. */
export interface LintedIssuer {
  readonly profile: Profile;
  /** Whether it signs for many customers, so that its name says nothing of whose job it is. */
  readonly shared: boolean;
  readonly audiences: readonly string[];
  readonly replay: ReplayPolicy;
}

/** What a robot's rules are linted with. */
export interface LintContext {
  /** By URL. */
  readonly issuers: ReadonlyMap<string, LintedIssuer>;
  readonly robotPermissions: readonly Permission[];
  /** Whether the robot may list a registry's catalogue. */
  readonly robotCatalog: boolean;
}

/** The part of a pattern before its first wildcard: all that it says for certain of how a value begins. */
export function fixedPrefix(pattern: string): string {
  const star = pattern.indexOf("*");
  return star < 0 ? pattern : pattern.slice(0, star);
}

export function tenantOfRuleSubject(rule: DeclaredRule, profile: Profile): SubjectTenant {
  return profile.tenantOfSubject(fixedPrefix(rule.subject));
}

/** Whether the rule says what `claim` must be, and says it without a wildcard. */
export function pinsExactly(rule: DeclaredRule, claim: string): boolean {
  // The subject is no entry of `claims`; namesClaim asks it for wildcards itself.
  return namesClaim(rule, claim) && !rule.claims[claim]?.some(isPattern);
}

/** Claims that name a tenant and are never given twice. */
export function tenantIds(profile: Profile): readonly string[] {
  return profile.tenants.filter(({ id }) => id === undefined).map(({ claim }) => claim);
}

/** Of these, those of one owner: not of an enterprise or a cluster, which many owners are under. */
export function ownerIds(profile: Profile): readonly string[] {
  return profile.tenants.flatMap(({ claim, id, manyOwners }) =>
    id === undefined && manyOwners === undefined ? [claim] : [],
  );
}

/** Whether a tenant's id stands in the rule; with a name alone, whoever takes the name next is let in. */
export function pinsTenantId(rule: DeclaredRule, profile: Profile): boolean {
  return tenantIds(profile).some((claim) => pinsExactly(rule, claim));
}

/** Whether a claim of the rule names a tenant, be it by id or by name. */
export function pinsTenantClaim(rule: DeclaredRule, profile: Profile): boolean {
  return profile.tenants.some(({ claim }) => pinsExactly(rule, claim));
}
