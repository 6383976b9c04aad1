import type { DeclaredRule } from "../../src/domain/accounts/declaration.ts";
import { github } from "../../src/domain/identity/profiles/github.ts";
import type { Profile } from "../../src/domain/identity/profiles/profile.ts";
import { lintRules } from "../../src/domain/rules/rule-lint.ts";
import type { LintContext, LintedIssuer } from "../../src/domain/rules/rule-pins.ts";
import { aRule, ISSUER_URL, PUBLIC_URL, SERVICE, SUBJECT } from "./baseline.ts";

/** A rule for GitHub of which the linter has nothing to say. */
export function aSafeRule(change: Partial<DeclaredRule> = {}): DeclaredRule {
  const { id: _id, nonce: _nonce, ...rule } = aRule();
  return { ...rule, subject: SUBJECT, claims: { repository_id: ["4711"] }, ttlSeconds: 900, ...change };
}

/** The issuer of that rule: shared by all customers of the platform. */
export function aLintedIssuer(profile: Profile = github, change: Partial<LintedIssuer> = {}): LintedIssuer {
  return { profile, shared: true, audiences: [PUBLIC_URL], replay: "jti", ...change };
}

export function aLintContext(
  issuer: LintedIssuer = aLintedIssuer(),
  change: Partial<LintContext> = {},
): LintContext {
  return {
    issuers: new Map([[ISSUER_URL, issuer]]),
    robotPermissions: [{ registry: SERVICE, repository: "acme/**", role: "write" }],
    robotCatalog: false,
    ...change,
  };
}

/** The findings of `rules` in short: `0 subject: escaping-pattern`. */
export function findingsOf(rules: readonly DeclaredRule[], context: LintContext = aLintContext()) {
  return lintRules(rules, context).map(
    ({ ruleIndex, at, code }) => `${[ruleIndex, ...at].join(" ")}: ${code}`,
  );
}
