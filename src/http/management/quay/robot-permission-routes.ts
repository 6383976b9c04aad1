import * as z from "zod";
import { robotName } from "../../../domain/access/names.ts";
import { allowedActions, type Permission, ROLES } from "../../../domain/access/permission.ts";
import { anonymousGrants } from "../../../domain/access/registry.ts";
import { ok } from "../../../domain/result.ts";
import { findRobot } from "../../../usecases/management/manage-robots.ts";
import type { System } from "../../../usecases/ports.ts";
import { defineRoute } from "../define-route.ts";
import { READ_SCOPES } from "../read-scopes.ts";
import type { ManagementRoute } from "../route-definition.ts";
import type { OneRobot, RobotOwner } from "./robot-owner.ts";
import { shownRepository } from "./robot-shape.ts";

const schema = z.object({
  permissions: z.array(
    z.object({
      repository: z.object({ name: z.string(), is_public: z.boolean() }),
      role: z.enum(ROLES),
      registry: z.string().meta({ description: "Berth's own." }),
    }),
  ),
});

/** What a robot may do. Patterns and other namespaces' repositories stand among the names, as they are written. */
export function robotPermissionRoute<List, One extends OneRobot>(
  owner: RobotOwner<List, One>,
): ManagementRoute {
  return defineRoute({
    method: "get",
    path: `${owner.base}/{robot_shortname}/permissions`,
    tag: "permissions",
    operationId: `get${owner.word}RobotPermissions`,
    summary: `List the permissions of a robot account of ${owner.whose}`,
    scopes: READ_SCOPES,
    exchanged: true,
    namespace: owner.namespace,
    params: owner.robotParams,
    success: {
      status: 200,
      description: "Its permissions.",
      schema,
      example: {
        permissions: [
          { repository: { name: "app", is_public: false }, role: "write", registry: "registry.example.com" },
        ],
      },
      hasVersion: true,
    },
    errors: ["namespace_unknown", "robot_unknown"],
    handle: async (deps, { namespace, params }) => {
      const found = await findRobot(deps, robotName(namespace, params.robot_shortname));
      if (!found.ok) return found;
      const { value: robot, version } = found.value;
      const permissions = robot.permissions.map(async (permission) => ({
        repository: {
          name: shownRepository(robot, permission.repository),
          is_public: await isPublic(deps.system, permission),
        },
        role: permission.role,
        registry: permission.registry,
      }));
      return ok({ body: { permissions: await Promise.all(permissions) }, version });
    },
  });
}

/** Whether anyone may pull it. */
async function isPublic(system: System, { registry, repository }: Permission): Promise<boolean> {
  const found = await system.findRegistry(registry);
  return found !== undefined && allowedActions(anonymousGrants(found), registry, repository).length > 0;
}
