import { namespaceOfRobot } from "../../domain/access/names.ts";
import type { Permission } from "../../domain/access/permission.ts";
import { isCovered } from "../../domain/access/permission-cover.ts";
import type { Registry } from "../../domain/access/registry.ts";
import { registryNamed } from "../../domain/access/registry-named.ts";
import { isRepositoryPattern, namespaceOfRepository } from "../../domain/access/repository.ts";
import { type Caller, mayAct } from "../../domain/accounts/caller.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Refused } from "./change-robot.ts";

/** A permission as it is asked for. */
export interface PermissionRequest extends Omit<Permission, "registry"> {
  /** May be left out while one registry is there. */
  readonly registry?: string;
}

/** The permission that is asked for, with its registry named. Whether the caller may give it is asked elsewhere. */
export function requestedPermission(
  { registry, repository, role }: PermissionRequest,
  registries: readonly Registry[],
): Result<Permission, Refused> {
  if (!isRepositoryPattern(repository)) {
    return err(
      rejection(
        "request_malformed",
        "repository is neither a repository's name nor a pattern within one namespace",
      ),
    );
  }
  const services = registries.map(({ service }) => service);
  const named = registryNamed(registry, services);
  if (named.ok) return ok({ registry: named.value, repository, role });
  if (named.error === "unknown") return err(rejection("registry_unknown", registry));
  return err(
    rejection(
      "request_malformed",
      `needs a registry: ${services.length} are there, so none goes without saying`,
    ),
  );
}

/**
 * Why the caller may not give the robot these permissions: one is outside the robot's namespace, in one that the
 * caller does not administer. What the robot has already is given by nobody.
 */
export function refusalOfForeign(
  robot: Robot,
  permissions: readonly Permission[],
  caller: Caller,
): Refused | undefined {
  const own = namespaceOfRobot(robot.name);
  for (const permission of permissions) {
    const namespace = namespaceOfRepository(permission.repository);
    if (namespace === own || isCovered(permission, robot.permissions)) continue;
    if (!mayAct(caller, ["org:admin"], namespace)) return rejection("permission_foreign", namespace);
  }
  return undefined;
}
