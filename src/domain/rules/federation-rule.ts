import type { GrantableApiScope } from "../access/api-scope.ts";
import { isOpen, isPattern, matchesPattern } from "../access/pattern.ts";
import type { Permission } from "../access/permission.ts";
import { comparableClaim, stringClaim, type VerifiedClaims } from "../identity/claims.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import type { JsonValue } from "../identity/strict-json.ts";

export const MIN_CREDENTIAL_SECONDS = 300;
export const MAX_CREDENTIAL_SECONDS = 3600;
export const MAX_RULES_PER_ROBOT = 1000;
/**
 * Of the rules of one robot together, as JSON. A rule may list very many values, and each exchange of a robot whose
 * rules no process holds reads all of them: without this, whoever writes one robot's could hold up everybody's store.
 */
export const MAX_RULES_CHARACTERS = 1024 * 1024;

/** What an identity token must say to act as a robot, and what it then gets. */
export interface FederationRule {
  /** Stable while the rule's content is; the auditor's name for it. */
  readonly id: string;
  readonly nonce: string;
  readonly enabled: boolean;
  readonly description: string;
  /** URL of a trusted issuer. */
  readonly issuer: string;
  /** A pattern (`access/pattern.ts`) for the whole of `sub`. */
  readonly subject: string;
  /** The audience that this rule wants, of the several that its issuer may have. */
  readonly audience?: string;
  /** Claim name or path → the patterns of which the token's value must match one. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  /** A part of the robot's permissions; absent: all that the robot has. */
  readonly permissions?: readonly Permission[];
  /** Grants an API token with these scopes in the robot's own namespace, instead of registry permissions. */
  readonly apiScopes?: readonly GrantableApiScope[];
  /** The credential's lifetime in seconds, MIN_ to MAX_CREDENTIAL_SECONDS. */
  readonly ttlSeconds: number;
  /** Records the tenant's ids at the first match, and refuses others from then on (`identity-pin.ts`). */
  readonly pin?: "first-use";
}

/** A condition of a rule that a token did not meet: for the audit log, by name, without the rule's values. */
export type FailedCondition =
  | "enabled"
  | "issuer"
  | "subject"
  | "audience"
  | `claim ${string}`
  | `denied: ${string}`;

/**
 * The first condition that fails, or undefined when the rule matches. A claim that is absent is no match, and
 * neither is a token that contradicts itself.
 *
 * @param profile The family of the token's issuer.
 */
export function failedCondition(
  rule: FederationRule,
  claims: VerifiedClaims,
  profile: Profile,
): FailedCondition | undefined {
  return ruleCheckFor(claims, profile)(rule);
}

/** `failedCondition` for the many rules of a robot: what is the same for all of them is found once. */
export function ruleCheckFor(
  claims: VerifiedClaims,
  profile: Profile,
): (rule: FederationRule) => FailedCondition | undefined {
  const issuer = stringClaim(claims, "iss");
  const spellings = profile.subjectSpellings(claims) ?? [];
  return (rule) => {
    if (!rule.enabled) return "enabled";
    if (rule.issuer !== issuer) return "issuer";
    if (!spellings.some((spelling) => matchesPattern(rule.subject, spelling))) return "subject";
    // Inside the same rule: one rule's audience must not open another (Quay takes the last one's for all).
    if (rule.audience !== undefined && rule.audience !== singleAudience(claims)) return "audience";
    const claim = failedClaim(rule, claims);
    if (claim !== undefined) return `claim ${claim}`;
    const denial = profile.denials.find(({ claim, denies }) => !asksFor(rule, claim) && denies(claims));
    return denial && `denied: ${denial.what}`;
  };
}

function failedClaim(rule: FederationRule, claims: VerifiedClaims): string | undefined {
  return Object.keys(rule.claims).find((name) => {
    const value = comparableClaim(claims, name);
    return value === undefined || !rule.claims[name]?.some((pattern) => matchesPattern(pattern, value));
  });
}

type Conditions = Pick<FederationRule, "subject" | "claims">;

/** Whether a rule says what `claim` must be; of the subject, whether it says so without a wildcard. */
export function namesClaim(rule: Conditions, claim: string): boolean {
  return claim === "sub" ? !isPattern(rule.subject) : Object.hasOwn(rule.claims, claim);
}

/** Whether a rule asks for the jobs that a denial of `claim` keeps out. Whoever writes `*` has asked for nothing. */
export function asksFor(rule: Conditions, claim: string): boolean {
  return namesClaim(rule, claim) && !rule.claims[claim]?.some(isOpen);
}

function singleAudience(claims: VerifiedClaims): JsonValue | undefined {
  const aud = claims.get("aud");
  return Array.isArray(aud) ? aud[0] : aud;
}
