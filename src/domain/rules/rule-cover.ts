import { isPattern } from "../access/pattern.ts";
import type { DeclaredRule } from "../accounts/declaration.ts";
import type { Denial } from "../identity/profiles/profile.ts";
import { asksFor } from "./federation-rule.ts";
import { type CoverEffort, patternCovers } from "./pattern-cover.ts";
import type { LintedIssuer } from "./rule-pins.ts";

/**
 * Whether every identity token that `narrower` matches is matched by `wider` too. Errs to "no", but that a job
 * which `wider` denies, and `narrower` lets in, must be told by what `narrower` writes out.
 *
 * @param issuer The issuer of both.
 */
export function ruleCovers(
  wider: DeclaredRule,
  narrower: DeclaredRule,
  issuer: LintedIssuer,
  effort: CoverEffort,
): boolean {
  return (
    audienceCovers(wider, narrower, issuer) &&
    Object.entries(wider.claims).every(([name, patterns]) => valuesCover(patterns, narrower, name, effort)) &&
    patternCovers(wider.subject, narrower.subject, effort) &&
    !issuer.profile.denials.some((denial) => lets(denial, narrower) && !asksFor(wider, denial.claim))
  );
}

function audienceCovers(wider: DeclaredRule, narrower: DeclaredRule, { audiences }: LintedIssuer): boolean {
  const isOnlyOne = audiences.length === 1 && audiences[0] === wider.audience;
  return wider.audience === undefined || wider.audience === narrower.audience || isOnlyOne;
}

function valuesCover(
  wider: readonly string[],
  narrower: DeclaredRule,
  name: string,
  effort: CoverEffort,
): boolean {
  return Object.entries(narrower.claims).some(
    ([claim, values]) =>
      claim === name &&
      values.every((value) => wider.some((pattern) => patternCovers(pattern, value, effort))),
  );
}

/** Whether `rule` may match a job that `denial` keeps from rules that do not name its claim. */
function lets(denial: Denial, rule: DeclaredRule): boolean {
  if (!asksFor(rule, denial.claim)) return false;
  const values = rule.claims[denial.claim] ?? [rule.subject];
  // What stands inside of another claim, or is not written out, cannot be held against the denial.
  if (denial.claim.startsWith("/") || values.some(isPattern)) return true;
  return values.some((value) =>
    denial.denies(new Map([...writtenOut(rule), [denial.claim, value] as [string, string]])),
  );
}

/** What a token that the rule matches says for certain. */
function writtenOut(rule: DeclaredRule): readonly [string, string][] {
  return Object.entries({ ...rule.claims, sub: [rule.subject] }).flatMap(([name, values]) =>
    values.length > 1 || values.some(isPattern) ? [] : values.map((value): [string, string] => [name, value]),
  );
}
