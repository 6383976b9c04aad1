import type { Permission } from "../domain/access/permission.ts";
import type { PermissionContent } from "./declaration-schema.ts";
import type { Path, Report } from "./problem.ts";
import { suggestion } from "./spelling.ts";

interface PermissionContext {
  readonly report: Report;
  /** Service names of the declared registries. */
  readonly registries: readonly string[];
}

/** The permissions with their registries named; an unknown or missing one is reported. */
export function declaredPermissions(
  contents: readonly PermissionContent[],
  path: Path,
  context: PermissionContext,
): readonly Permission[] {
  return contents.map(({ registry, repository, role }, at) => ({
    registry: registryOf(registry, [...path, at], context),
    repository,
    role,
  }));
}

function registryOf(
  named: string | undefined,
  path: Path,
  { report, registries }: PermissionContext,
): string {
  const [only = ""] = registries;
  if (named === undefined && registries.length !== 1) {
    report(path, `needs a registry: ${registries.length} are declared, so none goes without saying`);
  }
  if (named !== undefined && !registries.includes(named)) {
    report(
      [...path, "registry"],
      `is not the service of a declared registry${suggestion(named, registries)}`,
    );
  }
  return named ?? only;
}
