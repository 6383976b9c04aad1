import * as z from "zod";
import { robotName } from "../../../domain/access/names.ts";
import { ok } from "../../../domain/result.ts";
import { createRobot, deleteRobot } from "../../../usecases/management/manage-robots.ts";
import { regenerateRobotToken } from "../../../usecases/management/regenerate-robot-token.ts";
import { defineRoute } from "../define-route.ts";
import type { ManagementRoute } from "../route-definition.ts";
import type { OneRobot, RobotOwner } from "./robot-owner.ts";
import { QUAY_ROBOT_EXAMPLE, quayRobot, quayRobotSchema, quayRobotWithMetadata } from "./robot-shape.ts";

const TOKEN_EXAMPLE = "brp_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgXXXXXX";

const creation = z.object({
  description: z.string().max(255, "must be at most 255 characters").optional(),
  unstructured_metadata: z.record(z.string(), z.unknown()).optional(),
});

const regeneration = z.object({
  grace_seconds: z.int().min(0).optional().meta({
    description:
      "Berth's own: so long the token before stays good, at most a day. 0 unless it says otherwise.",
  }),
  expires_in: z.int().min(1).optional().meta({
    description: "Berth's own: lifetime of the new token in seconds. It has no end unless it says so.",
  }),
});

/** Creation, deletion and a new token. */
export function robotChangeRoutes<List, One extends OneRobot>(
  owner: RobotOwner<List, One>,
): readonly ManagementRoute[] {
  return [createRoute(owner), deleteRoute(owner), regenerateRoute(owner)];
}

function placeOf<List, One extends OneRobot>(owner: RobotOwner<List, One>) {
  return { path: `${owner.base}/{robot_shortname}`, tag: "robots", params: owner.robotParams };
}

function createRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    method: "put",
    operationId: `create${owner.word}Robot`,
    summary: `Create a robot account of ${owner.whose}`,
    scopes: ["robots:write"],
    exchanged: true,
    namespace: owner.namespace,
    body: {
      schema: creation,
      example: { description: "release builds", unstructured_metadata: { team: "release" } },
      optional: true,
    },
    success: {
      status: 201,
      description:
        "The robot account with its token, which is not shown again. A caller that an identity token earned gets none.",
      schema: quayRobotSchema,
      example: { ...QUAY_ROBOT_EXAMPLE, token: TOKEN_EXAMPLE, unstructured_metadata: { team: "release" } },
      hasVersion: true,
    },
    errors: [
      "namespace_unknown",
      "name_taken",
      "name_malformed",
      "request_malformed",
      "limit_reached",
      "conflict",
    ],
    handle: async (deps, { namespace, params, body, context }) => {
      const { description, unstructured_metadata: metadata } = body;
      const content = {
        ...(description === undefined ? {} : { description }),
        ...(metadata === undefined ? {} : { metadata }),
      };
      const made = await createRobot(deps, robotName(namespace, params.robot_shortname), content, context);
      if (!made.ok) return made;
      const { robot, token, version } = made.value;
      return ok({ body: quayRobotWithMetadata(robot, token), version });
    },
  });
}

function deleteRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    method: "delete",
    operationId: `delete${owner.word}Robot`,
    summary: `Delete a robot account of ${owner.whose}`,
    scopes: ["robots:write"],
    exchanged: true,
    namespace: owner.namespace,
    success: {
      status: 204,
      description: "It is gone, and every credential of it is dead. Its name is free.",
    },
    errors: [
      "namespace_unknown",
      "robot_unknown",
      "managed_elsewhere",
      "administrative_robot",
      "precondition_failed",
      "conflict",
    ],
    handle: async (deps, { namespace, params, context }) => {
      const removed = await deleteRobot(deps, robotName(namespace, params.robot_shortname), context);
      return removed.ok ? ok({}) : removed;
    },
  });
}

function regenerateRoute<List, One extends OneRobot>(owner: RobotOwner<List, One>): ManagementRoute {
  return defineRoute({
    ...placeOf(owner),
    path: `${placeOf(owner).path}/regenerate`,
    method: "post",
    operationId: `regenerate${owner.word}RobotToken`,
    summary: `Regenerate the token of a robot account of ${owner.whose}`,
    description: "The token before and every live credential of the robot are dead when this has answered.",
    scopes: ["robots:write"],
    exchanged: false,
    namespace: owner.namespace,
    body: { schema: regeneration, example: { grace_seconds: 300 }, optional: true },
    success: {
      status: 200,
      description: "The robot account with its new token, which is not shown again.",
      schema: quayRobotSchema,
      example: { ...QUAY_ROBOT_EXAMPLE, token: TOKEN_EXAMPLE },
      hasVersion: true,
    },
    errors: [
      "namespace_unknown",
      "robot_unknown",
      "request_malformed",
      "token_declared",
      "keyless_only",
      "administrative_robot",
      "precondition_failed",
      "conflict",
    ],
    handle: async (deps, { namespace, params, body, context }) => {
      const { grace_seconds: graceSeconds, expires_in: expiresInSeconds } = body;
      const options = {
        ...(graceSeconds === undefined ? {} : { graceSeconds }),
        ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
      };
      const name = robotName(namespace, params.robot_shortname);
      const made = await regenerateRobotToken(deps, name, options, context);
      if (!made.ok) return made;
      const { robot, token, version } = made.value;
      return ok({ body: quayRobot(robot, token), version });
    },
  });
}
