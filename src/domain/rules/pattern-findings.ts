import { isPattern } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import { fixedPrefix, type LintedIssuer, tenantIds } from "./rule-pins.ts";

/** Wildcards that take in more than they seem to. */
export function patternFindings(rule: DeclaredRule, { profile }: LintedIssuer): RuleFinding[] {
  const names = profile.tenants.filter(({ id }) => id !== undefined).map(({ claim }) => claim);
  const ids = new Set([...tenantIds(profile), ...profile.recyclable.flatMap(({ id }) => id ?? [])]);
  return [
    ...(subjectEscapes(rule.subject, profile) ? [escaping(["subject"])] : []),
    ...names
      .filter((claim) => rule.claims[claim]?.some(escapesFirstSegment))
      .map((claim) => escaping(["claims", claim])),
    ...[...ids].filter((claim) => rule.claims[claim]?.some(isPattern)).map(patternOnId),
  ];
}

/** `repo:acme*` takes in `repo:acme-evil/…`: the wildcard goes on with a segment that has yet to name the tenant. */
function subjectEscapes(subject: string, profile: Profile): boolean {
  const prefix = fixedPrefix(subject);
  const whole = wholeSegments(prefix);
  return isPattern(subject) && prefix !== whole && profile.tenantOfSubject(whole) === "none";
}

function escapesFirstSegment(pattern: string): boolean {
  const prefix = fixedPrefix(pattern);
  return isPattern(pattern) && prefix !== "" && wholeSegments(prefix) === "";
}

/** The text up to its last separator, and with it. */
function wholeSegments(prefix: string): string {
  return prefix.slice(0, Math.max(prefix.lastIndexOf("/"), prefix.lastIndexOf(":")) + 1);
}

function escaping(at: RuleFinding["at"]): RuleFinding {
  return finding(
    "escaping-pattern",
    at,
    "has a wildcard right after a part of the tenant's name, so that it takes in every tenant whose name begins so",
    "write the whole name and its separator before the first wildcard",
  );
}

function patternOnId(claim: string): RuleFinding {
  return finding(
    "pattern-on-id",
    ["claims", claim],
    "has a wildcard in an id: ids that begin alike have nothing else in common",
    "write the ids whole, in a list if there are several",
  );
}
