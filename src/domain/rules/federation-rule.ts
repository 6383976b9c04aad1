import type { Permission } from "../access/permission.ts";
import { comparableClaim, stringClaim, type VerifiedClaims } from "../identity/claims.ts";

export const MIN_CREDENTIAL_SECONDS = 300;
export const MAX_CREDENTIAL_SECONDS = 3600;
export const MAX_RULES_PER_ROBOT = 1000;

/** What an identity token must say to act as a robot, and what it then gets. */
export interface FederationRule {
  /** Stable while the rule's content is; the auditor's name for it. */
  readonly id: string;
  readonly nonce: string;
  readonly enabled: boolean;
  readonly description: string;
  /** URL of a trusted issuer. */
  readonly issuer: string;
  /** Compared with `sub` whole and exactly. */
  readonly subject: string;
  /** The audience that this rule wants, of the several that its issuer may have. */
  readonly audience?: string;
  /** Claim name → the values of which the token's must be one. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  /** A part of the robot's permissions; absent: all that the robot has. */
  readonly permissions?: readonly Permission[];
  /** The credential's lifetime in seconds, MIN_ to MAX_CREDENTIAL_SECONDS. */
  readonly ttlSeconds: number;
}

/** A condition of a rule that a token did not meet: for the audit log, by name, without the rule's values. */
export type FailedCondition = "enabled" | "issuer" | "subject" | "audience" | `claim ${string}`;

/** The first condition that fails, or undefined when the rule matches. A claim that is absent is no match. */
export function failedCondition(rule: FederationRule, claims: VerifiedClaims): FailedCondition | undefined {
  if (!rule.enabled) return "enabled";
  if (rule.issuer !== stringClaim(claims, "iss")) return "issuer";
  if (rule.subject !== stringClaim(claims, "sub")) return "subject";
  // Inside the same rule: one rule's audience must not open another (Quay takes the last one's for all).
  if (rule.audience !== undefined && rule.audience !== singleAudience(claims)) return "audience";
  for (const [name, allowed] of Object.entries(rule.claims)) {
    const value = comparableClaim(claims, name);
    if (value === undefined || !allowed.includes(value)) return `claim ${name}`;
  }
  return undefined;
}

function singleAudience(claims: VerifiedClaims): string | undefined {
  const aud = claims.get("aud");
  const audience = Array.isArray(aud) ? aud[0] : aud;
  return typeof audience === "string" ? audience : undefined;
}
