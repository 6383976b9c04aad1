import * as z from "zod";
import type { Robot, RobotToken } from "../../domain/accounts/robot.ts";
import { PERMISSION_EXAMPLE, shownPermissionSchema } from "./permission-shape.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

const tokenSchema = z.object({
  number: z.int().meta({ description: "In registry tokens as `acme+builder#token-2`." }),
  created_at: wireTimeSchema,
  expires_at: wireTimeSchema.nullable().meta({ description: "Null: it lives until it is regenerated." }),
  declared: z.boolean().meta({ description: "Whether its hash stands in a declaration file." }),
});

export const robotSchema = z
  .object({
    name: z.string(),
    enabled: z.boolean(),
    description: z.string(),
    created_at: wireTimeSchema,
    catalog: z.boolean().meta({ description: "Whether it may list a registry's catalogue." }),
    keyless_only: z.boolean().meta({ description: "Whether it may have no robot token at all." }),
    metadata: z.record(z.string(), z.unknown()),
    token: tokenSchema.nullable().meta({ description: "About its robot token; null: it has none." }),
    previous_token: tokenSchema
      .nullable()
      .meta({ description: "The robot token that a regeneration has left alive for a while." }),
    permissions: z.array(shownPermissionSchema),
    rule_count: z.int(),
    managed_by: z.string().meta({ description: "`api`, `file`, or whoever applied it." }),
  })
  .meta({ id: "Robot" });

export const ROBOT_EXAMPLE = {
  name: "acme+builder",
  enabled: true,
  description: "release builds",
  created_at: "2026-03-01T12:00:00.000Z",
  catalog: false,
  keyless_only: false,
  metadata: { team: "release" },
  token: { number: 1, created_at: "2026-03-01T12:00:00.000Z", expires_at: null, declared: false },
  previous_token: null,
  permissions: [PERMISSION_EXAMPLE],
  rule_count: 1,
  managed_by: "api",
};

export function robotOnTheWire(robot: Robot) {
  return {
    name: robot.name,
    enabled: robot.enabled,
    description: robot.description,
    created_at: wireTime(robot.createdAt),
    catalog: robot.catalog,
    keyless_only: robot.keylessOnly === true,
    metadata: robot.metadata ?? {},
    token: tokenOnTheWire(robot.token),
    previous_token: tokenOnTheWire(robot.previousToken),
    permissions: robot.permissions,
    rule_count: robot.rules.length,
    managed_by: robot.managedBy,
  };
}

function tokenOnTheWire(token: RobotToken | undefined) {
  if (token === undefined) return null;
  const { number, createdAt, expiresAt, declared } = token;
  const expires = expiresAt === undefined ? null : wireTime(expiresAt);
  return { number, created_at: wireTime(createdAt), expires_at: expires, declared };
}
