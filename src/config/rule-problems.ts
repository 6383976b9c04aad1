import type { Declaration } from "../domain/accounts/declaration.ts";
import { lintedIssuers } from "../domain/rules/linted-issuers.ts";
import type { Finding } from "../domain/rules/rule-finding.ts";
import { lintRules } from "../domain/rules/rule-lint.ts";
import type { Path, Problem } from "./problem.ts";
import type { YamlSource } from "./yaml-source.ts";

interface RuleProblems {
  readonly refused: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What the linter says of every robot's rules, with line and path. The declaration's parts must fit together. */
export function ruleProblems(declaration: Declaration, source: Pick<YamlSource, "problemAt">): RuleProblems {
  const issuers = lintedIssuers(declaration.issuers);
  const found = declaration.namespaces.flatMap(({ robots }, namespaceAt) =>
    robots.flatMap(({ rules, permissions }, robotAt) => {
      const path = ["namespaces", namespaceAt, "robots", robotAt, "rules"];
      return lintRules(rules, { issuers, robotPermissions: permissions }).map((finding) => ({
        level: finding.level,
        problem: problemOf(finding, path, source),
      }));
    }),
  );
  const ofLevel = (level: Finding["level"]) =>
    found.flatMap((entry) => (entry.level === level ? [entry.problem] : []));
  return { refused: ofLevel("refuse"), warnings: ofLevel("warn") };
}

function problemOf(
  { ruleIndex, at, sentence, mend, code }: Finding,
  path: Path,
  source: Pick<YamlSource, "problemAt">,
): Problem {
  return source.problemAt([...path, ruleIndex, ...at], `${sentence}; ${mend} [${code}]`);
}
