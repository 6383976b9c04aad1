import * as z from "zod";
import { type RobotName, robotName } from "../../domain/access/names.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import { NAMESPACE_IN_PATH } from "./namespace-source.ts";
import { namespaceField, robotShortNameField } from "./path-fields.ts";

export const ROBOT_PATH = "/namespaces/{namespace}/robots/{robot}";

/** What every route of one robot account says. */
export const robotPlace = {
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField, robot: robotShortNameField }),
} as const;

export function robotOf({
  namespace,
  robot,
}: {
  readonly namespace: string;
  readonly robot: string;
}): RobotName {
  return robotName(namespace, robot);
}

/** For which a change of what a robot is may be refused, whatever the change. */
export const ROBOT_CHANGE_ERRORS: readonly ManagementReason[] = [
  "namespace_unknown",
  "robot_unknown",
  "managed_elsewhere",
  "administrative_robot",
  "precondition_failed",
  "conflict",
];
