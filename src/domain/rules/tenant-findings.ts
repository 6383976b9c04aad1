import { isPattern } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { finding, type RuleFinding } from "./rule-finding.ts";
import {
  fixedPrefix,
  type LintedIssuer,
  pinsTenantClaim,
  tenantIds,
  tenantOfRuleSubject,
} from "./rule-pins.ts";

/** Whom the rule lets in: at most one finding, the widest. */
export function tenantFindings(rule: DeclaredRule, { profile, shared }: LintedIssuer): RuleFinding[] {
  if (!subjectPins(rule, profile)) {
    const pinning = pinningClaims(rule);
    if (pinning.length === 0) return [pinsNothing()];
    if (pinning.every((claim) => isChosenByJob(claim, profile))) return [onlyChosenClaims(pinning)];
  }
  const named = tenantOfRuleSubject(rule, profile) !== "none" || pinsTenantClaim(rule, profile);
  return shared && !named ? [noTenant(profile)] : [];
}

/** A subject without a wildcard is one job's; one with wildcards pins what it names before the first of them. */
function subjectPins(rule: DeclaredRule, profile: Profile): boolean {
  return !isPattern(rule.subject) || tenantOfRuleSubject(rule, profile) !== "none";
}

/** A pattern that begins with a wildcard takes in values that nobody thought of. */
function pinningClaims(rule: DeclaredRule): readonly string[] {
  return Object.entries(rule.claims)
    .filter(([, patterns]) => patterns.every((pattern) => fixedPrefix(pattern) !== ""))
    .map(([name]) => name);
}

function isChosenByJob(claim: string, profile: Profile): boolean {
  return profile.chosenByJob.some((chosen) => claim === chosen || claim.startsWith(`${chosen}/`));
}

function pinsNothing(): RuleFinding {
  return finding(
    "pins-nothing",
    [],
    "lets in every job that the issuer signs for: neither its subject nor a claim says whose it is",
    "write the subject, or claims with the ids of the jobs' owner",
  );
}

function onlyChosenClaims(claims: readonly string[]): RuleFinding {
  return finding(
    "only-chosen-claims",
    ["claims"],
    `rests on ${claims.join(", ")} alone, which whoever starts a job can choose`,
    "name the jobs' owner as well, in the subject or by a claim with an id",
  );
}

function noTenant(profile: Profile): RuleFinding {
  return finding(
    "no-tenant",
    [],
    "names no tenant, and this issuer signs for all of its customers' jobs",
    `add ${tenantIds(profile).join(" or ")} without a wildcard, or a subject that names the tenant before any wildcard`,
  );
}
