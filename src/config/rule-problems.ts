import type { DeclaredNamespace } from "../domain/accounts/declaration.ts";
import { lintedIssuers } from "../domain/rules/linted-issuers.ts";
import type { Finding } from "../domain/rules/rule-finding.ts";
import { lintRules } from "../domain/rules/rule-lint.ts";
import type { FileProblem, Path, RuleWarning } from "./problem.ts";

interface RuleProblems {
  readonly refused: readonly FileProblem[];
  readonly warnings: readonly RuleWarning[];
}

/** Where in the files a path of the declaration leads. */
interface Places {
  problemAt(path: Path, message: string): FileProblem;
}

/**
 * What the linter says of every robot's rules, with file, line and path. The declaration's parts must fit together.
 *
 * @param issuers Those that the rules name; of two with one URL the last holds.
 */
export function ruleProblems(
  namespaces: readonly DeclaredNamespace[],
  issuers: Parameters<typeof lintedIssuers>[0],
  places: Places,
): RuleProblems {
  const linted = lintedIssuers(issuers);
  const found = namespaces.flatMap(({ robots }, namespaceAt) =>
    robots.flatMap(({ name, rules, permissions, catalog }, robotAt) => {
      const path = ["namespaces", namespaceAt, "robots", robotAt, "rules"];
      const context = { issuers: linted, robotPermissions: permissions, robotCatalog: catalog };
      return lintRules(rules, context).map((finding) => ({
        level: finding.level,
        problem: { ...problemOf(finding, path, places), robot: name },
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
  places: Places,
): FileProblem {
  return places.problemAt([...path, ruleIndex, ...at], `${sentence}; ${mend} [${code}]`);
}
