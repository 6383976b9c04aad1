import * as z from "zod";
import { namespaceOfRobot } from "../../../domain/access/names.ts";
import { type Permission, ROLES } from "../../../domain/access/permission.ts";
import type { Robot } from "../../../domain/accounts/robot.ts";
import type { Secret } from "../../../domain/accounts/secret.ts";
import { quayDate } from "./quay-date.ts";

/** A robot account as Quay shows it. `token` is there in the two answers that hand one over, and in no other. */
export const quayRobotSchema = z
  .object({
    name: z.string(),
    created: z.string().meta({ description: "RFC 5322 date." }),
    last_accessed: z.null(),
    description: z.string(),
    token: z.string().optional(),
    unstructured_metadata: z.record(z.string(), z.unknown()).optional(),
    teams: z.array(z.string()).max(0).optional(),
    repositories: z.array(z.string()).optional(),
  })
  .meta({ id: "QuayRobot" });

export const QUAY_ROBOT_EXAMPLE = {
  name: "acme+builder",
  created: "Fri, 10 May 2024 17:46:02 -0000",
  last_accessed: null,
  description: "",
};

/** Members in Quay's order. */
export function quayRobot(robot: Robot, token?: Secret) {
  return {
    name: robot.name,
    created: quayDate(robot.createdAt),
    last_accessed: null,
    description: robot.description,
    ...(token === undefined ? {} : { token: token.expose() }),
  };
}

export function quayRobotWithMetadata(robot: Robot, token?: Secret) {
  return { ...quayRobot(robot, token), unstructured_metadata: robot.metadata ?? {} };
}

/** An item of the list with `permissions=true`. Berth has no teams. */
export function quayRobotWithRepositories(robot: Robot) {
  const names = robot.permissions.map(({ repository }) => shownRepository(robot, repository));
  return { ...quayRobot(robot), teams: [], repositories: [...new Set(names)] };
}

/** Without its namespace where that is the robot's own, as in Quay; else whole. */
export function shownRepository({ name }: Robot, repository: string): string {
  const own = namespaceOfRobot(name);
  return repository.startsWith(`${own}/`) ? repository.slice(own.length + 1) : repository;
}

/** What a robot may do on a repository, as a repository's list of permissions shows it. */
export const quayPermissionSchema = z
  .object({
    role: z.enum(ROLES),
    name: z.string(),
    is_robot: z.literal(true),
    is_org_member: z.literal(true),
    registry: z.string().meta({ description: "Berth's own." }),
  })
  .meta({ id: "QuayPermission" });

export function quayPermission({ name }: Pick<Robot, "name">, { role, registry }: Permission) {
  return { role, name, is_robot: true, is_org_member: true, registry };
}
