import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { regenerateRobotToken } from "../../usecases/management/regenerate-robot-token.ts";
import { removeRobotToken } from "../../usecases/management/remove-robot-token.ts";
import { defineRoute } from "./define-route.ts";
import { ROBOT_PATH, robotOf, robotPlace } from "./robot-place.ts";
import { ROBOT_EXAMPLE, robotOnTheWire, robotSchema } from "./robot-shape.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { withoutUndefined } from "./without-undefined.ts";

export const ROBOT_TOKEN_EXAMPLE = "brp_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgXXXXXX";

/** The use case has the bounds. */
export const tokenLifetimeField = z
  .int()
  .min(1)
  .meta({ description: "Lifetime of the robot token in seconds. It has no end unless it says so." });

const place = {
  ...robotPlace,
  path: `${ROBOT_PATH}/token`,
  tag: "robot-accounts",
  scopes: ["robots:write"],
  exchanged: false,
} as const;

const regenerate = defineRoute({
  ...place,
  method: "post",
  operationId: "regenerateRobotToken",
  summary: "Give a robot account a new robot token",
  description:
    "The token before and every live credential of the robot are dead when this has answered. Also for one that a file manages, unless its token's hash stands there.",
  body: {
    schema: z.strictObject({
      grace_seconds: z.int().min(0).optional().meta({
        description: "So long the token before stays good, at most a day. 0 unless it says otherwise.",
      }),
      expires_in: tokenLifetimeField.optional(),
    }),
    example: { grace_seconds: 300, expires_in: 7_776_000 },
    optional: true,
  },
  success: {
    status: 200,
    description: "The robot account with its new token, which is not shown again.",
    schema: robotSchema.extend({ robot_token: z.string() }).meta({ id: "RobotWithToken" }),
    example: { ...ROBOT_EXAMPLE, robot_token: ROBOT_TOKEN_EXAMPLE },
    hasVersion: true,
  },
  errors: [
    "namespace_unknown",
    "robot_unknown",
    "token_declared",
    "keyless_only",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  handle: async (deps, { params, body, context }) => {
    const { grace_seconds: graceSeconds, expires_in: expiresInSeconds } = body;
    const wish = withoutUndefined({ graceSeconds, expiresInSeconds });
    const made = await regenerateRobotToken(deps, robotOf(params), wish, context);
    if (!made.ok) return made;
    const { robot, token, version } = made.value;
    return ok({ body: { ...robotOnTheWire(robot), robot_token: token.expose() }, version });
  },
});

const remove = defineRoute({
  ...place,
  method: "delete",
  operationId: "removeRobotToken",
  summary: "Take a robot account's robot token away",
  description: "Every live credential of the robot is dead as well when this has answered.",
  success: { status: 204, description: "The robot account has no robot token." },
  errors: [
    "namespace_unknown",
    "robot_unknown",
    "token_declared",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  handle: async (deps, { params, context }) => {
    const removed = await removeRobotToken(deps, robotOf(params), context);
    return removed.ok ? ok({}) : removed;
  },
});

export const ROBOT_TOKEN_ROUTES: readonly ManagementRoute[] = [regenerate, remove];
