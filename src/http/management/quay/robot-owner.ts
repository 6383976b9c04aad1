import * as z from "zod";
import type { NamespaceSource } from "../namespace-source.ts";
import { NAMESPACE_OF_CALLER, ORGANIZATION_IN_PATH } from "../namespace-source.ts";
import { namespaceField, robotShortNameField } from "../path-fields.ts";
import type { ObjectSchema } from "../route-definition.ts";

/** What a path with one robot holds at least. */
export interface OneRobot {
  readonly robot_shortname: string;
}

/** Whose robots a path is about: Quay has each of them twice, for an organization and for the current user. */
export interface RobotOwner<List, One extends OneRobot> {
  /** In the names of operations: `getOrgRobots`, `getUserRobots`. */
  readonly word: "Org" | "User";
  readonly whose: string;
  readonly base: string;
  readonly listParams: ObjectSchema<List>;
  readonly robotParams: ObjectSchema<One>;
  readonly namespace: NamespaceSource<List & One, unknown, string>;
}

export const ORGANIZATION_ROBOTS: RobotOwner<
  { orgname: string },
  { orgname: string; robot_shortname: string }
> = {
  word: "Org",
  whose: "an organization",
  base: "/organization/{orgname}/robots",
  listParams: z.object({ orgname: namespaceField }),
  robotParams: z.object({ orgname: namespaceField, robot_shortname: robotShortNameField }),
  namespace: ORGANIZATION_IN_PATH,
};

export const USER_ROBOTS: RobotOwner<Record<never, never>, { robot_shortname: string }> = {
  word: "User",
  whose: "the current user",
  base: "/user/robots",
  listParams: z.object({}),
  robotParams: z.object({ robot_shortname: robotShortNameField }),
  namespace: NAMESPACE_OF_CALLER,
};
