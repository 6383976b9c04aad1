import * as z from "zod";
import { permissionSchema } from "../../config/declaration-schema.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import { ok } from "../../domain/result.ts";
import type { ChangedRobot } from "../../usecases/management/change-robot.ts";
import {
  putPermission,
  removePermission,
  replacePermissions,
} from "../../usecases/management/manage-permissions.ts";
import { findRobot } from "../../usecases/management/manage-robots.ts";
import { defineRoute } from "./define-route.ts";
import { PERMISSION_EXAMPLE, shownPermissionSchema } from "./permission-shape.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import { ROBOT_CHANGE_ERRORS, ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";
import { withoutUndefined } from "./without-undefined.ts";

const place = {
  ...robotPlace,
  path: `${ROBOT_PATH}/permissions`,
  tag: "robot-permissions",
  exchanged: true,
} as const;

const FOREIGN =
  "A permission outside the robot account's namespace needs `org:admin` there. The registry may be left out while one is registered.";
const ERRORS: readonly ManagementReason[] = [
  ...ROBOT_CHANGE_ERRORS,
  "registry_unknown",
  "permission_foreign",
  "rules_refused",
  "limit_reached",
];

const success: SuccessAnswer = {
  status: 200,
  description: "All permissions of the robot account, as they stand now.",
  schema: z.object({ permissions: z.array(shownPermissionSchema) }).meta({ id: "PermissionList" }),
  example: { permissions: [PERMISSION_EXAMPLE] },
  hasVersion: true,
};

function answer({ robot, version }: ChangedRobot) {
  return { body: { permissions: robot.permissions }, version };
}

const get = defineRoute({
  ...place,
  method: "get",
  operationId: "getRobotPermissions",
  summary: "Get the permissions of a robot account",
  scopes: READ_SCOPES,
  success,
  errors: ["namespace_unknown", "robot_unknown"],
  handle: async (deps, { params }) => {
    const found = await findRobot(deps, robotOf(params));
    return found.ok ? ok(answer({ robot: found.value.value, version: found.value.version })) : found;
  },
});

const replace = defineRoute({
  ...place,
  method: "put",
  operationId: "replaceRobotPermissions",
  summary: "Give a robot account these permissions and no others",
  description: FOREIGN,
  scopes: ["permissions:write"],
  body: {
    schema: z.strictObject({ permissions: z.array(permissionSchema) }),
    example: { permissions: [PERMISSION_EXAMPLE] },
  },
  success,
  errors: ERRORS,
  namedInBody: ["registry_unknown"],
  handle: async (deps, { params, body, context }) => {
    const requests = body.permissions.map(withoutUndefined);
    const changed = await replacePermissions(deps, robotOf(params), requests, context);
    return changed.ok ? ok(answer(changed.value)) : changed;
  },
});

const add = defineRoute({
  ...place,
  method: "post",
  operationId: "addRobotPermission",
  summary: "Give a robot account one more permission, or another role",
  description: `Where it has one on that registry and repository, its role changes. ${FOREIGN}`,
  scopes: ["permissions:write"],
  body: { schema: permissionSchema, example: PERMISSION_EXAMPLE },
  success,
  errors: ERRORS,
  namedInBody: ["registry_unknown"],
  handle: async (deps, { params, body, context }) => {
    const changed = await putPermission(deps, robotOf(params), withoutUndefined(body), context);
    return changed.ok ? ok(answer(changed.value)) : changed;
  },
});

const remove = defineRoute({
  ...place,
  method: "delete",
  operationId: "removeRobotPermission",
  summary: "Take a permission of a robot account away",
  description: "Every live credential of the robot is dead when this has answered.",
  scopes: ["permissions:write"],
  query: z.strictObject({
    registry: z.string().optional().meta({
      description: "May be left out where the robot account has the repository at one registry only.",
    }),
    repository: z.string().meta({ description: "As the permission has it: a name or a pattern." }),
  }),
  success,
  errors: [...ROBOT_CHANGE_ERRORS, "permission_unknown", "rules_refused"],
  handle: async (deps, { params, query, context }) => {
    const changed = await removePermission(deps, robotOf(params), withoutUndefined(query), context);
    return changed.ok ? ok(answer(changed.value)) : changed;
  },
});

export const PERMISSION_ROUTES: readonly ManagementRoute[] = [get, replace, add, remove];
