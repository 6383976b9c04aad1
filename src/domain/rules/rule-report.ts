import { matchesPattern } from "../access/pattern.ts";
import { comparableClaim, stringClaim } from "../identity/claims.ts";
import type { Denial, Profile } from "../identity/profiles/profile.ts";
import { plainSubject } from "../identity/profiles/subject.ts";
import type { JsonObject } from "../identity/strict-json.ts";
import { asksFor, type FailedCondition, type FederationRule } from "./federation-rule.ts";
import type { PinnedIds } from "./identity-pin.ts";

/** What is known of a token: all that it says, or what was written down of it. */
export interface KnownClaims {
  readonly claims: JsonObject;
  /** False: a claim that is not there may have been in the token. */
  readonly complete: boolean;
}

/** `unknown`: the claim was not written down. */
export type Outcome = "met" | "failed" | "unknown";

/** One condition of a rule, with the rule's values: for those who may read the rule. */
export interface ConditionReport {
  /** Named as `failedCondition` names it; of what a rule has pinned, by the claim. */
  readonly condition: FailedCondition | `pinned ${string}`;
  readonly outcome: Outcome;
  /** What the rule allows; each may be a pattern. */
  readonly wanted: readonly string[];
  /** What the token says: several where one subject has several spellings, none where it says nothing. */
  readonly said: readonly string[];
}

export interface RuleReport {
  readonly ruleId: string;
  readonly description: string;
  /** `unknown`: nothing fails, and not all is known. */
  readonly outcome: Outcome;
  readonly firstFailure?: ConditionReport["condition"];
  /** All of them, in the order in which `failedCondition` looks. */
  readonly conditions: readonly ConditionReport[];
}

/**
 * A rule condition by condition, those behind the first failure included. Of complete claims it says what
 * `failedCondition` says (`rule-report.test.ts` holds one against the other); it decides nothing itself.
 *
 * @param profile The family of the token's issuer.
 */
export function reportRule(rule: FederationRule, known: KnownClaims, profile: Profile): RuleReport {
  const conditions = [
    enabled(rule),
    issuer(rule, known),
    subject(rule, known, profile),
    ...audience(rule, known),
    ...Object.entries(rule.claims).map(([name, allowed]) => claim(name, allowed, known)),
    ...profile.denials.map((denial) => denied(rule, denial, known)),
  ];
  const failure = conditions.find(({ outcome }) => outcome === "failed");
  return {
    ruleId: rule.id,
    description: rule.description,
    outcome: overall(conditions),
    ...(failure === undefined ? {} : { firstFailure: failure.condition }),
    conditions,
  };
}

/**
 * What the first match of a rule has pinned, claim by claim. Looked at when the rule is the one that decides: a
 * changed identity is refused, and no later rule is tried.
 */
export function reportPins(pinned: PinnedIds, { claims, complete }: KnownClaims): readonly ConditionReport[] {
  return Object.entries(pinned).map(([name, id]) => {
    const said = listOf(comparableClaim(claims, name));
    return {
      condition: `pinned ${name}`,
      outcome: compare(said.includes(id), said, complete),
      wanted: [id],
      said,
    };
  });
}

/** Of several conditions together: one that fails decides, whatever is not known. */
export function overall(conditions: readonly { readonly outcome: Outcome }[]): Outcome {
  const outcomes = conditions.map(({ outcome }) => outcome);
  if (outcomes.includes("failed")) return "failed";
  return outcomes.includes("unknown") ? "unknown" : "met";
}

function enabled(rule: FederationRule): ConditionReport {
  return { condition: "enabled", outcome: rule.enabled ? "met" : "failed", wanted: [], said: [] };
}

function issuer(rule: FederationRule, { claims, complete }: KnownClaims): ConditionReport {
  const said = listOf(stringClaim(claims, "iss"));
  const outcome = compare(said.includes(rule.issuer), said, complete);
  return { condition: "issuer", outcome, wanted: [rule.issuer], said };
}

function subject(rule: FederationRule, { claims, complete }: KnownClaims, profile: Profile): ConditionReport {
  const spellings = profile.subjectSpellings(claims);
  // Of a token that contradicts itself there is none; what it says is shown all the same.
  const said = (spellings ?? listOf(stringClaim(claims, "sub"))).filter((spelling) => spelling !== "");
  const met = spellings?.some((spelling) => matchesPattern(rule.subject, spelling)) ?? false;
  // Other families take further spellings from claims that may not have been written down.
  const allSpellings = complete || (profile.subjectSpellings === plainSubject && said.length > 0);
  const outcome = met ? "met" : allSpellings ? "failed" : "unknown";
  return { condition: "subject", outcome, wanted: [rule.subject], said };
}

function audience(rule: FederationRule, { claims, complete }: KnownClaims): readonly ConditionReport[] {
  if (rule.audience === undefined) return [];
  const said = audiencesOf(claims);
  const outcome = compare(said[0] === rule.audience, said, complete);
  return [{ condition: "audience", outcome, wanted: [rule.audience], said }];
}

/** The values of `aud` that are strings, in their order; none where the first is not, as the exchange sees it. */
export function audiencesOf(claims: JsonObject): readonly string[] {
  const aud = claims.get("aud");
  const list = Array.isArray(aud) ? aud : [aud];
  return typeof list[0] === "string" ? list.filter((value) => typeof value === "string") : [];
}

function claim(name: string, wanted: readonly string[], { claims, complete }: KnownClaims): ConditionReport {
  const said = listOf(comparableClaim(claims, name));
  const met = said.some((value) => wanted.some((pattern) => matchesPattern(pattern, value)));
  return { condition: `claim ${name}`, outcome: compare(met, said, complete), wanted, said };
}

function denied(rule: FederationRule, denial: Denial, { claims, complete }: KnownClaims): ConditionReport {
  const said = listOf(comparableClaim(claims, denial.claim));
  const lifted = asksFor(rule, denial.claim);
  const known = complete || said.length > 0;
  const outcome = lifted ? "met" : !known ? "unknown" : denial.denies(claims) ? "failed" : "met";
  return { condition: `denied: ${denial.what}`, outcome, wanted: [], said };
}

function compare(met: boolean, said: readonly string[], complete: boolean): Outcome {
  if (met) return "met";
  return complete || said.length > 0 ? "failed" : "unknown";
}

function listOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
