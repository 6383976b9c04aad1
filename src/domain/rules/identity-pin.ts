import { isPattern } from "../access/pattern.ts";
import { comparableClaim, type VerifiedClaims } from "../identity/claims.ts";
import type { NamedClaim, Profile } from "../identity/profiles/profile.ts";
import { err, ok, type Result } from "../result.ts";
import { type FederationRule, namesClaim } from "./federation-rule.ts";
import { fixedPrefix } from "./rule-pins.ts";

/** Claim → the id that the token of a rule's first match had there. */
export type PinnedIds = Readonly<Record<string, string>>;

/** Longer than any platform's id, and short enough to be kept and to be read in a record. */
const MAX_ID_LENGTH = 255;
/** What separates the parts of a subject. */
const DELIMITERS = [":", "/", "@"];

type Names = Pick<FederationRule, "subject" | "claims">;

/** Whether `rule` names something by a name that can be recycled, so that there is an id to pin behind it. */
export function canPin(rule: Names, profile: Profile): boolean {
  if (!profile.recyclable.some(({ id }) => id !== undefined && !namesClaim(rule, id))) return false;
  if (profile.recyclable.some((name) => isWritten(name, rule, profile))) return true;
  return isPattern(rule.subject) && profile.tenantOfSubject(fixedPrefix(rule.subject)) === "name";
}

/**
 * The ids to record at the first match of `rule`: those behind the names that it writes out, but for ids that it
 * names itself. So a rule for one repository pins the repository and its owner, and one for all repositories of an
 * owner pins the owner alone. Empty: the rule names all of them. An error says what is lacking, for the auditor.
 */
export function idsToPin(rule: Names, claims: VerifiedClaims, profile: Profile): Result<PinnedIds, string> {
  const names = profile.recyclable.filter(
    (name) => isWritten(name, rule, profile) || isTenantOfSubject(name, rule, claims, profile),
  );
  const behind = new Set(names.flatMap(({ id }) => id ?? []));
  if (behind.size === 0) return err("no name with an id behind it in the rule");
  const ids: [string, string][] = [];
  for (const claim of behind) {
    if (namesClaim(rule, claim)) continue;
    const id = comparableClaim(claims, claim);
    if (id === undefined || id.length > MAX_ID_LENGTH) return err(`claim ${claim}`);
    ids.push([claim, id]);
  }
  return ok(Object.fromEntries(ids));
}

/**
 * Undefined when the token has every id that is pinned; else both identities, for the auditor. Ids that are not
 * pinned are not compared: a rule for an owner takes all of the owner's repositories.
 */
export function identityDrift(pinned: PinnedIds, claims: VerifiedClaims): string | undefined {
  const shown = Object.keys(pinned).map((claim) => [claim, comparableClaim(claims, claim)] as const);
  if (shown.every(([claim, id]) => id === pinned[claim])) return undefined;
  const now = shown.map(([claim, id]) => `${claim} ${id?.slice(0, MAX_ID_LENGTH) ?? "absent"}`).join(", ");
  return `pinned ${formatIds(pinned)}; shown ${now}`;
}

export function formatIds(ids: PinnedIds): string {
  return Object.entries(ids)
    .map(([claim, id]) => `${claim} ${id}`)
    .join(", ");
}

/** Whether the rule writes the name out as one value, without a wildcard. */
function isWritten({ claim }: NamedClaim, rule: Names, profile: Profile): boolean {
  if (claim === "sub") return !isPattern(rule.subject) && profile.tenantOfSubject(rule.subject) !== "id";
  const values = Object.hasOwn(rule.claims, claim) ? rule.claims[claim] : undefined;
  return values?.length === 1 && !values.some(isPattern);
}

/**
 * Whether the token's name of a tenant stands whole in the subject that the rule wants, before any wildcard:
 * `acme` in `repo:acme/*`, and not in `repo:acme*` or `repo:acme-evil/*`. Only tenants: a branch may have any name.
 */
function isTenantOfSubject(
  { claim }: NamedClaim,
  rule: Names,
  claims: VerifiedClaims,
  profile: Profile,
): boolean {
  if (!profile.tenants.some((tenant) => tenant.claim === claim)) return false;
  const name = comparableClaim(claims, claim)?.toLowerCase();
  return name !== undefined && standsWholeIn(untilWildcard(rule.subject).toLowerCase(), name);
}

function standsWholeIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (isEdge(text.charAt(at - 1)) && isEdge(text.charAt(at + name.length))) return true;
  }
  return false;
}

/** `charAt` gives nothing at either end. */
function isEdge(character: string): boolean {
  return character === "" || DELIMITERS.includes(character);
}

/** With the first star of a pattern, so that a name that runs into it does not stand whole. */
function untilWildcard(subject: string): string {
  return isPattern(subject) ? subject.slice(0, subject.indexOf("*") + 1) : subject;
}
