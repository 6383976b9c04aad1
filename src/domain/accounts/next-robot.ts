import { isCovered } from "../access/permission-cover.ts";
import type { Draw } from "./declaration.ts";
import { nextTokenNumber, type Robot } from "./robot.ts";

/** What of a robot somebody writes; its ids, its nonce, its age and its owner are the store's to give. */
export type RobotContent = Omit<
  Robot,
  "name" | "uid" | "nonce" | "createdAt" | "managedBy" | "lastTokenNumber"
>;

/** Whose record it becomes, and what that needs from outside. */
export interface NextRobotContext {
  readonly owner: string;
  readonly draw: Draw;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * The record of a robot that is to have `content`, made from the one that was there.
 *
 * Its nonce is new when it is created, disabled or enabled, when its token or its catalogue flag changes, and when
 * it loses any of its permissions. A permission more keeps it: a credential records what it was minted for, so a
 * wider robot gives nothing to a credential that is out, and running jobs are left alone.
 */
export function nextRobot(
  name: Robot["name"],
  content: RobotContent,
  old: Robot | undefined,
  { owner, draw, now }: NextRobotContext,
): Robot {
  const lastTokenNumber = nextTokenNumber(old) - 1;
  return {
    name,
    uid: old?.uid ?? draw(),
    nonce: old !== undefined && keepsNonce(old, content) ? old.nonce : draw(),
    createdAt: old?.createdAt ?? now,
    ...robotContent(content),
    ...(content.token === undefined && lastTokenNumber > 0 ? { lastTokenNumber } : {}),
    managedBy: owner,
  };
}

/** The content alone, whatever else the object carries. */
export function robotContent(robot: RobotContent): RobotContent {
  const { enabled, description, permissions, catalog, rules } = robot;
  const { token, previousToken, keylessOnly, metadata } = robot;
  return {
    enabled,
    description,
    permissions,
    catalog,
    rules,
    ...(token === undefined ? {} : { token }),
    ...(previousToken === undefined ? {} : { previousToken }),
    ...(keylessOnly === undefined ? {} : { keylessOnly }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function keepsNonce(old: Robot, content: RobotContent): boolean {
  return (
    old.enabled === content.enabled &&
    old.catalog === content.catalog &&
    old.token?.hash === content.token?.hash &&
    old.permissions.every((permission) => isCovered(permission, content.permissions))
  );
}
