import type { Draw } from "../../domain/accounts/declaration.ts";
import {
  type Account,
  isEnabled,
  type Namespace,
  nextTokenNumber,
  type Robot,
  type RobotToken,
} from "../../domain/accounts/robot.ts";
import type { NamespaceRecords } from "../store-records.ts";
import type { BackedUpNamespace, BackedUpRobot } from "./backup-format.ts";

/** The namespace as the store has it before it is restored; undefined: not at all. */
type Present = Pick<NamespaceRecords, "namespace" | "robots"> | undefined;

export interface RestoredNamespace {
  readonly namespace: Namespace;
  readonly robots: readonly BackedUpRobot[];
  /** Names of robots that had a token in the backup and have none now. */
  readonly tokensLost: readonly string[];
  /** How many robot tokens come back that were not alive. */
  readonly tokensRevived: number;
}

interface Context {
  /** Whether robot tokens come back that are not alive now. */
  readonly withTokens: boolean;
  readonly draw: Draw;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * A namespace as it is to be written. Nonces are new, so that nothing lives that an exchange mints while it goes on;
 * uids too, so that the ids that first matches recorded since go with their robots, and those of the backup take
 * their place. Rules keep their ids, by which an auditor knows them.
 */
export function restoredNamespace(
  { namespace, robots }: BackedUpNamespace,
  present: Present,
  { withTokens, draw, now }: Context,
): RestoredNamespace {
  const fates = robots.map(({ robot, pins }) => {
    const standing = present?.robots.find(({ name }) => name === robot.name);
    const alive = livingToken(
      { namespace, robot },
      present && standing && { namespace: present.namespace, robot: standing },
      now,
    );
    return { robot, pins, standing, alive, token: alive ?? (withTokens ? robot.token : undefined) };
  });
  return {
    namespace: { ...namespace, nonce: draw() },
    robots: fates.map(({ robot, pins, standing, token }) => ({
      robot: {
        ...withNewNonces(robot, draw),
        ...tokensOf(robot, standing, token),
        ...(withTokens && robot.previousToken && { previousToken: robot.previousToken }),
      },
      pins,
    })),
    tokensLost: fates
      .filter(({ robot, token }) => robot.token !== undefined && token === undefined)
      .map(({ robot }) => robot.name),
    tokensRevived: fates.filter(({ alive, token }) => token !== undefined && alive === undefined).length,
  };
}

/** Without its tokens. */
function withNewNonces(
  { token: _, previousToken: __, lastTokenNumber: ___, ...robot }: Robot,
  draw: Draw,
): Robot {
  const rules = robot.rules.map((rule) => ({ ...rule, nonce: draw() }));
  return { ...robot, uid: draw(), nonce: draw(), rules };
}

/** A number that a token of the robot has had, here or in the backup, is given to no other. */
function tokensOf(
  robot: Robot,
  standing: Robot | undefined,
  token: RobotToken | undefined,
): Pick<Robot, "token" | "lastTokenNumber"> {
  if (token !== undefined) return { token };
  const lastTokenNumber = Math.max(nextTokenNumber(robot), nextTokenNumber(standing)) - 1;
  return lastTokenNumber > 0 ? { lastTokenNumber } : {};
}

/**
 * The robot token of the backup, as the store has it now; undefined where it is not alive. One that was regenerated
 * or revoked since must not come back, nor one whose robot was put to rest since. One in its grace time is on its
 * way out.
 */
function livingToken(backup: Account, standing: Account | undefined, now: number): RobotToken | undefined {
  const token = standing?.robot.token;
  if (standing === undefined || token === undefined || token.hash !== backup.robot.token?.hash)
    return undefined;
  if ((token.expiresAt ?? Number.POSITIVE_INFINITY) <= now) return undefined;
  // A robot that the backup leaves at rest opens nothing by its token: a repeat finds it so, and keeps it.
  return isEnabled(standing) || !isEnabled(backup) ? token : undefined;
}
