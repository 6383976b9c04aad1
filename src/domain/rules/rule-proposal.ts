import { isPattern } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import { profileNamed } from "../identity/profiles/all.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import type { NearMiss } from "../near-miss.ts";
import { err, ok, type Result } from "../result.ts";

/** What no rule can be proposed for: `*` in a value has no spelling in a rule that is not a pattern. */
export type ProposalFault = "subject_not_kept" | "wildcard_in_value";

/** Shorter than a rule's default: a job that pushes an image is done by then, and whoever accepts it may raise it. */
const PROPOSED_TTL_SECONDS = 900;

/**
 * The rule that the tokens of a near miss would match, and as few others as can be told: their issuer, their whole
 * subject, and every id of the family that is never given twice. It names no claim that would lift a denial, so a
 * job of a denied kind stays refused until somebody writes that claim.
 *
 * A proposal is no recommendation: whoever can start a job of that tenant can cause one.
 */
export function proposeRule(miss: NearMiss): Result<DeclaredRule, ProposalFault> {
  const { iss: issuer, sub: subject } = miss.claims;
  if (issuer === undefined || subject === undefined) return err("subject_not_kept");
  const ids = idClaims(profileNamed(miss.profile)).flatMap((name) => {
    const value = miss.claims[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if ([subject, ...ids.map(({ value }) => value)].some(isPattern)) return err("wildcard_in_value");
  return ok({
    enabled: true,
    description: "",
    issuer,
    subject,
    claims: Object.fromEntries(ids.map(({ name, value }) => [name, [value]])),
    ttlSeconds: PROPOSED_TTL_SECONDS,
  });
}

function idClaims({ tenants, recyclable, denials, chosenByJob }: Profile): readonly string[] {
  const named = [...tenants, ...recyclable].map(({ claim, id }) => id ?? claim);
  const kept = (name: string) =>
    name !== "sub" && !chosenByJob.includes(name) && denials.every(({ claim }) => claim !== name);
  return [...new Set(named)].filter(kept);
}
