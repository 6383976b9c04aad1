import type { RobotName } from "../../domain/access/names.ts";
import type { Permission } from "../../domain/access/permission.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { MAX_PERMISSIONS_PER_ROBOT } from "../../domain/accounts/robot-limits.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { lintedIssuers } from "../../domain/rules/linted-issuers.ts";
import { permissionsLeftBeyond } from "../../domain/rules/permissions-beyond.ts";
import type { SystemRecords } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { type ChangedRobot, changeRobot, type Refused } from "./change-robot.ts";
import { type RuleRefusal, rulesRefused } from "./change-rules.ts";
import { readNamespacePlace } from "./namespace-place.ts";
import { type PermissionRequest, refusalOfForeign, requestedPermission } from "./requested-permission.ts";
import { walkNamespace } from "./walk-namespace.ts";

type Changed = Promise<Result<ChangedRobot, RuleRefusal>>;

/** Adds a permission, or gives the one of that registry and repository another role. */
export function putPermission(
  deps: ManagementDeps,
  name: RobotName,
  request: PermissionRequest,
  context: ChangeContext,
): Changed {
  return changePermissions(deps, name, context, ({ permissions }, system) => {
    const asked = requestedPermission(request, system.registries);
    if (!asked.ok) return asked;
    const at = permissions.findIndex((permission) => placeOf(permission) === placeOf(asked.value));
    return ok(at < 0 ? [...permissions, asked.value] : permissions.with(at, asked.value));
  });
}

/** Takes a permission away; the registry may be left out where the robot has the repository at one only. */
export function removePermission(
  deps: ManagementDeps,
  name: RobotName,
  { registry, repository }: Omit<PermissionRequest, "role">,
  context: ChangeContext,
): Changed {
  return changePermissions(deps, name, context, ({ permissions }) => {
    const found = permissions.filter(
      (one) => one.repository === repository && (registry === undefined || one.registry === registry),
    );
    if (found.length === 0) return err(rejection("permission_unknown", repository));
    if (found.length > 1) {
      const services = found.map((one) => one.registry).join(", ");
      return err(rejection("request_malformed", `needs a registry: ${services}`));
    }
    return ok(permissions.filter((one) => !found.includes(one)));
  });
}

/** Gives a robot these permissions and no others. */
export function replacePermissions(
  deps: ManagementDeps,
  name: RobotName,
  requests: readonly PermissionRequest[],
  context: ChangeContext,
): Changed {
  return changePermissions(deps, name, context, (_, system) => {
    const permissions: Permission[] = [];
    for (const request of requests) {
      const asked = requestedPermission(request, system.registries);
      if (!asked.ok) return asked;
      if (permissions.some((one) => placeOf(one) === placeOf(asked.value))) {
        return err(rejection("request_malformed", `${request.repository} stands twice`));
      }
      permissions.push(asked.value);
    }
    return ok(permissions);
  });
}

/**
 * The robots of a namespace with a permission that names `repository` (`acme/app`) itself: whom a pattern lets in is
 * left out, as are other namespaces' robots. It walks all robots of the namespace: one read for each 500.
 */
export function findRepositoryPermissions(
  { directory }: Pick<ManagementDeps, "directory">,
  namespace: string,
  repository: string,
): Promise<Result<readonly Robot[], Refused>> {
  return refuseWhenUnavailable<readonly Robot[], Refused["reason"]>(async () => {
    if ((await readNamespacePlace(directory, namespace)) === undefined) {
      return err(rejection("namespace_unknown", namespace));
    }
    const found: Robot[] = [];
    for await (const robot of walkNamespace(directory, namespace)) {
      if (robot.permissions.some((permission) => permission.repository === repository)) found.push(robot);
    }
    return ok(found);
  });
}

/**
 * Refused: a permission in a namespace that the caller does not administer, unless the robot has as much already; and
 * the loss of one that a rule of the robot grants by name, since that rule would grant less than it says.
 */
function changePermissions(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
  plan: (robot: Robot, system: SystemRecords) => Result<readonly Permission[], Refused>,
): Changed {
  return changeRobot<RuleRefusal>(deps, name, context, async (robot) => {
    if (robot === undefined) return err(rejection("robot_unknown", name));
    const system = await deps.directory.readSystem();
    const planned = plan(robot, system);
    if (!planned.ok) return planned;
    const permissions = planned.value;
    const refusal = refusalOfCount(permissions) ?? refusalOfForeign(robot, permissions, context.caller);
    if (refusal !== undefined) return err(refusal);
    const issuers = lintedIssuers(system.issuers);
    const findings = permissionsLeftBeyond(robot.rules, issuers, robot.permissions, permissions);
    return findings.length > 0 ? err(rulesRefused(findings)) : ok({ ...robot, permissions });
  });
}

/** A robot has one permission for each. */
function placeOf({ registry, repository }: Permission): string {
  return `${registry} ${repository}`;
}

function refusalOfCount(permissions: readonly Permission[]): Refused | undefined {
  if (permissions.length <= MAX_PERMISSIONS_PER_ROBOT) return undefined;
  return rejection("limit_reached", `a robot has at most ${MAX_PERMISSIONS_PER_ROBOT} permissions`);
}
