import * as z from "zod";
import { type Permission, ROLES } from "../../../domain/access/permission.ts";
import type { Robot } from "../../../domain/accounts/robot.ts";
import { rejection } from "../../../domain/rejection.ts";
import { err, ok } from "../../../domain/result.ts";
import {
  findRepositoryPermissions,
  putPermission,
  removePermission,
} from "../../../usecases/management/manage-permissions.ts";
import { findRobot } from "../../../usecases/management/manage-robots.ts";
import { defineRoute } from "../define-route.ts";
import { NAMESPACE_OF_REPOSITORY, NAMESPACE_OF_USERNAME } from "../namespace-source.ts";
import { repositoryField, robotField } from "../path-fields.ts";
import { READ_SCOPES } from "../read-scopes.ts";
import type { ManagementRoute } from "../route-definition.ts";
import { quayPermission, quayPermissionSchema } from "./robot-shape.ts";

const query = z.object({
  registry: z.string().optional().meta({
    description: "Berth's own: service name of a registry. It may be left out while one is registered.",
  }),
});
const EXAMPLE = {
  role: "write",
  name: "acme+builder",
  is_robot: true,
  is_org_member: true,
  registry: "registry.example.com",
};

const list = defineRoute({
  method: "get",
  path: "/repository/{repository}/permissions/user/",
  tag: "permissions",
  operationId: "listRepoUserPermissions",
  summary: "List the robot accounts with a permission on a repository",
  description: "Robot accounts of the repository's namespace whose permission names just this repository.",
  scopes: READ_SCOPES,
  exchanged: true,
  namespace: NAMESPACE_OF_REPOSITORY,
  params: z.object({ repository: repositoryField }),
  query,
  success: {
    status: 200,
    description: "Permissions by the robot account's name.",
    schema: z.object({ permissions: z.record(z.string(), quayPermissionSchema) }),
    example: { permissions: { "acme+builder": EXAMPLE } },
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace, params, query: { registry } }) => {
    const found = await findRepositoryPermissions(deps, namespace, params.repository);
    if (!found.ok) return found;
    const named = found.value.flatMap((robot) => {
      const permission = permissionOn(robot, params.repository, registry);
      return permission === undefined ? [] : [[robot.name, quayPermission(robot, permission)]];
    });
    return ok({ body: { permissions: Object.fromEntries(named) } });
  },
});

/** What the three routes of one robot share. Its namespace is where the caller must hold the scope. */
const one = {
  path: "/repository/{repository}/permissions/user/{username}",
  tag: "permissions",
  exchanged: true,
  namespace: NAMESPACE_OF_USERNAME,
  params: z.object({ repository: repositoryField, username: robotField }),
  query,
} as const;

const get = defineRoute({
  ...one,
  method: "get",
  operationId: "getUserPermissions",
  summary: "Get a robot account's permission on a repository",
  scopes: READ_SCOPES,
  success: {
    status: 200,
    description: "The permission.",
    schema: quayPermissionSchema,
    example: EXAMPLE,
    hasVersion: true,
  },
  errors: ["namespace_unknown", "robot_unknown", "permission_unknown"],
  handle: async (deps, { params, query: { registry } }) => {
    const found = await findRobot(deps, params.username);
    if (!found.ok) return found;
    const { value: robot, version } = found.value;
    const permission = permissionOn(robot, params.repository, registry);
    if (permission === undefined) return err(rejection("permission_unknown", params.repository));
    return ok({ body: quayPermission(robot, permission), version });
  },
});

const put = defineRoute({
  ...one,
  method: "put",
  operationId: "changeUserPermissions",
  summary: "Give a robot account a permission on a repository",
  description: "On a repository of another namespace it needs org:admin there too.",
  scopes: ["permissions:write"],
  body: { schema: z.object({ role: z.enum(ROLES) }), example: { role: "write" } },
  success: {
    status: 200,
    description: "The permission as it stands now.",
    schema: quayPermissionSchema,
    example: EXAMPLE,
    hasVersion: true,
  },
  errors: [
    "request_malformed",
    "namespace_unknown",
    "robot_unknown",
    "registry_unknown",
    "permission_foreign",
    "rules_refused",
    "limit_reached",
    "managed_elsewhere",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  namedInBody: ["registry_unknown"],
  handle: async (deps, { params, query: { registry }, body, context }) => {
    const permission = { repository: params.repository, role: body.role, ...(registry && { registry }) };
    const changed = await putPermission(deps, params.username, permission, context);
    if (!changed.ok) return changed;
    const { robot, version } = changed.value;
    const written = permissionOn(robot, params.repository, registry);
    if (written === undefined) return err(rejection("permission_unknown", params.repository));
    return ok({ body: quayPermission(robot, written), version });
  },
});

const remove = defineRoute({
  ...one,
  method: "delete",
  operationId: "deleteUserPermissions",
  summary: "Take a robot account's permission on a repository",
  scopes: ["permissions:write"],
  success: { status: 204, description: "It is gone, and every credential of the robot is dead." },
  errors: [
    "request_malformed",
    "namespace_unknown",
    "robot_unknown",
    "permission_unknown",
    "rules_refused",
    "managed_elsewhere",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  handle: async (deps, { params, query: { registry }, context }) => {
    const place = { repository: params.repository, ...(registry && { registry }) };
    const changed = await removePermission(deps, params.username, place, context);
    return changed.ok ? ok({}) : changed;
  },
});

export const REPOSITORY_PERMISSION_ROUTES: readonly ManagementRoute[] = [list, get, put, remove];

/** The permission on just this repository; of several registries the first, where none is named. */
function permissionOn(
  robot: Robot,
  repository: string,
  registry: string | undefined,
): Permission | undefined {
  return robot.permissions.find(
    (permission) =>
      permission.repository === repository && (registry === undefined || permission.registry === registry),
  );
}
