import { isOpen } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { NamedClaim, Profile } from "../identity/profiles/profile.ts";
import { MAX_CREDENTIAL_SECONDS, namesClaim } from "./federation-rule.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import {
  type LintContext,
  type LintedIssuer,
  pinsExactly,
  pinsTenantClaim,
  pinsTenantId,
  tenantIds,
  tenantOfRuleSubject,
} from "./rule-pins.ts";

/** What would make the rule safer, though it may be saved as it is. */
export function adviceFindings(
  rule: DeclaredRule,
  issuer: LintedIssuer,
  { robotPermissions }: Pick<LintContext, "robotPermissions">,
): RuleFinding[] {
  const { profile } = issuer;
  const changes =
    rule.apiScopes !== undefined ||
    (rule.permissions ?? robotPermissions).some(({ role }) => role !== "read");
  return [
    ...profile.recyclable.flatMap((name) => recyclableName(rule, profile, name)),
    ...(restsOnCustomisableSubject(rule, profile) ? [customisableSubject(profile)] : []),
    ...(changes && rule.ttlSeconds === MAX_CREDENTIAL_SECONDS ? [longLifetime()] : []),
  ];
}

/** What the issuer of a rule is like: to be told once for an issuer, not for each of a thousand rules. */
export function issuerFindings({ profile, replay }: LintedIssuer): RuleFinding[] {
  const { fixedAudience } = profile.defaults;
  return [
    ...(replay === "reusable" ? [reusableToken()] : []),
    ...(fixedAudience === undefined ? [] : [fixedAudienceOf(fixedAudience)]),
  ];
}

function recyclableName(rule: DeclaredRule, profile: Profile, { claim, id }: NamedClaim): RuleFinding[] {
  if (id === undefined || !restsOnName(rule, profile, claim) || pinsExactly(rule, id)) return [];
  // The first match records the id.
  if (rule.pin !== undefined) return [];
  const isTenant = claim === "sub" || profile.tenants.some((tenant) => tenant.claim === claim);
  // Within a tenant that its id pins, a name goes from one of its own to another.
  if (isTenant && pinsTenantId(rule, profile)) return [];
  return [
    finding(
      "recyclable-name",
      claim === "sub" ? ["subject"] : ["claims", claim],
      "is a name that can be given up and taken by somebody else",
      id === "sub" ? "write the subject whole" : `add ${id}, the id that stays`,
    ),
  ];
}

function restsOnName(rule: DeclaredRule, profile: Profile, claim: string): boolean {
  if (claim !== "sub") return namesClaim(rule, claim);
  return !isOpen(rule.subject) && tenantOfRuleSubject(rule, profile) !== "id";
}

/** Where a family has no tenant claims, as Jenkins has none, the subject is the best that there is. */
function restsOnCustomisableSubject(rule: DeclaredRule, profile: Profile): boolean {
  const hasBetter = profile.tenants.length > 0 && !pinsTenantClaim(rule, profile);
  return profile.subjectCanBeCustomised && hasBetter && !isOpen(rule.subject);
}

function customisableSubject(profile: Profile): RuleFinding {
  return finding(
    "customisable-subject",
    ["subject"],
    "is all that names the tenant, and the platform lets its users give `sub` another form",
    `add a claim that names the tenant, such as ${tenantIds(profile).slice(0, 2).join(" or ")}`,
  );
}

function longLifetime(): RuleFinding {
  return finding(
    "long-lifetime",
    ["ttl_seconds"],
    "gives what may write as long a life as there is",
    "set ttl_seconds: 900, which is enough for a push; a job can exchange just before it needs it",
  );
}

function reusableToken(): RuleFinding {
  return finding(
    "reusable-token",
    ["issuer"],
    "does not use its identity tokens up: who gets hold of one can exchange it until it expires",
    "set replay: once on the issuer if each job gets a token of its own; else keep max_lifetime_seconds short",
  );
}

function fixedAudienceOf(audience: string): RuleFinding {
  return finding(
    "fixed-audience",
    ["issuer"],
    `has the same audience for everyone it is shown to (${audience}): another service that gets a job's token can show it here`,
    "let such jobs show their tokens to nobody else, and keep the rule's permissions narrow",
  );
}
