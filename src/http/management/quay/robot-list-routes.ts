import * as z from "zod";
import { robotName } from "../../../domain/access/names.ts";
import { ok } from "../../../domain/result.ts";
import { findRobot, listRobots } from "../../../usecases/management/manage-robots.ts";
import { defineRoute } from "../define-route.ts";
import { limitField, MAX_PAGE, nextPage, nextPageField } from "../paging.ts";
import { READ_SCOPES } from "../read-scopes.ts";
import type { ManagementRoute } from "../route-definition.ts";
import type { OneRobot, RobotOwner } from "./robot-owner.ts";
import {
  QUAY_ROBOT_EXAMPLE,
  quayRobot,
  quayRobotSchema,
  quayRobotWithMetadata,
  quayRobotWithRepositories,
} from "./robot-shape.ts";

/** Quay's reading of a truth value in a query. */
const flag = z
  .string()
  .transform((text) => !["false", "False", "0", ""].includes(text))
  .optional();

const listQuery = z.object({
  permissions: flag.meta({ description: "Whether to show the repositories of each.", examples: ["true"] }),
  token: flag.meta({ description: "Ignored: no list shows a token." }),
  // Quay lists all that there are: as many as a page takes, so that its clients see no difference for longest.
  limit: limitField(MAX_PAGE),
  next_page: nextPageField,
});

/** The robots of an owner, and one of them. */
export function robotListRoutes<List, One extends OneRobot>(
  owner: RobotOwner<List, One>,
): readonly ManagementRoute[] {
  return [listRoute(owner), getRoute(owner)];
}

function listRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    method: "get",
    path: owner.base,
    tag: "robots",
    operationId: `get${owner.word}Robots`,
    summary: `List the robot accounts of ${owner.whose}`,
    scopes: READ_SCOPES,
    exchanged: true,
    namespace: owner.namespace,
    params: owner.listParams,
    query: listQuery,
    success: {
      status: 200,
      description:
        "Robot accounts by name. Their tokens were shown when they were made, and are not shown again.",
      schema: z.object({ robots: z.array(quayRobotSchema), next_page: z.string().optional() }),
      example: { robots: [QUAY_ROBOT_EXAMPLE] },
    },
    errors: ["namespace_unknown", "request_malformed"],
    handle: async (deps, { namespace, query }) => {
      const page = { after: query.next_page ?? "", limit: query.limit };
      const listed = await listRobots(deps, namespace, page);
      if (!listed.ok) return listed;
      const { robots, next } = listed.value;
      const shape = query.permissions ? quayRobotWithRepositories : quayRobot;
      return ok({ body: { robots: robots.map((robot) => shape(robot)), ...nextPage(next) } });
    },
  });
}

function getRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    method: "get",
    path: `${owner.base}/{robot_shortname}`,
    tag: "robots",
    operationId: `get${owner.word}Robot`,
    summary: `Get a robot account of ${owner.whose}`,
    scopes: READ_SCOPES,
    exchanged: true,
    namespace: owner.namespace,
    params: owner.robotParams,
    success: {
      status: 200,
      description: "The robot account, without its token.",
      schema: quayRobotSchema,
      example: { ...QUAY_ROBOT_EXAMPLE, unstructured_metadata: {} },
      hasVersion: true,
    },
    errors: ["namespace_unknown", "robot_unknown"],
    handle: async (deps, { namespace, params }) => {
      const found = await findRobot(deps, robotName(namespace, params.robot_shortname));
      if (!found.ok) return found;
      return ok({ body: quayRobotWithMetadata(found.value.value), version: found.value.version });
    },
  });
}
