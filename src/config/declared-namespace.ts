import { robotName } from "../domain/access/names.ts";
import type { DeclaredNamespace, DeclaredRobot } from "../domain/accounts/declaration.ts";
import type { NamespaceContent, RobotContent } from "./declaration-schema.ts";
import { declaredPermissions } from "./declared-permissions.ts";
import { declaredRule, type RuleContext } from "./declared-rule.ts";
import type { Path, Report } from "./problem.ts";

interface NamespaceContext extends RuleContext, RepetitionReport {}

interface RepetitionReport {
  readonly report: Report;
  /** File, line and column of what stands there. */
  readonly placeOf: (path: Path) => string;
}

/** The namespace that `content` declares, with its robots and their rules. */
export function declaredNamespace(
  { name, kind, enabled, robots }: NamespaceContent,
  path: Path,
  context: NamespaceContext,
): DeclaredNamespace {
  const place = [...path, "robots"];
  reportRepeated(robots, "name", place, context);
  return {
    name,
    kind,
    enabled,
    robots: robots.map((robot, at) => declaredRobot(name, robot, [...place, at], context)),
  };
}

function declaredRobot(
  namespace: string,
  content: RobotContent,
  path: Path,
  context: RuleContext,
): DeclaredRobot {
  const permissions = declaredPermissions(content.permissions, [...path, "permissions"], context);
  return {
    name: robotName(namespace, content.name),
    enabled: content.enabled,
    description: content.description,
    permissions,
    catalog: content.catalog,
    ...(content.token_hash === undefined ? {} : { tokenHash: content.token_hash.slice("sha256:".length) }),
    rules: content.rules.map((rule, at) => declaredRule(rule, [...path, "rules", at], context)),
  };
}

/** Reports each entry of a list whose name another has before it, with the place of that one. */
export function reportRepeated<Name extends string>(
  entries: readonly Readonly<Record<Name, string>>[],
  field: Name,
  path: Path,
  { report, placeOf }: RepetitionReport,
): void {
  const seen = new Map<string, Path>();
  entries.forEach((entry, at) => {
    const place = [...path, at, field];
    const first = seen.get(entry[field]);
    if (first === undefined) seen.set(entry[field], place);
    else report(place, `stands twice; first at ${placeOf(first)}`);
  });
}
