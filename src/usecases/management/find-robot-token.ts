import { isRobotName, type RobotName } from "../../domain/access/names.ts";
import type { Robot, RobotToken } from "../../domain/accounts/robot.ts";
import { equalHashes } from "../../domain/accounts/secret.ts";
import type { Directory } from "../ports.ts";
import { walkRobots } from "./walk-robots.ts";

export interface RobotTokenPlace {
  readonly robot: Robot;
  readonly token: RobotToken;
  /** `previousToken`: the one that a regeneration has left alive for a while. */
  readonly field: "token" | "previousToken";
}

/**
 * Any text of the right form starts a search, so that of others than operators ends here: with more robots than this,
 * a robot token is not found that might be further on. Who knows the robot names it.
 */
export const MAX_ROBOTS_SEARCHED = 10_000;

/**
 * Whose robot token has that hash. There is no index by hash, since a login names its robot; so unless `name` says
 * where to look, every robot is read, a page of 500 at a time: 200 reads for 100,000 robots.
 *
 * @param limit Robots that are looked at before it gives up.
 */
export async function findRobotToken(
  directory: Pick<Directory, "readRobot" | "listNamespaces" | "listRobots">,
  hash: string,
  { name, limit = Number.POSITIVE_INFINITY }: { readonly name?: RobotName; readonly limit?: number },
): Promise<RobotTokenPlace | undefined> {
  if (name !== undefined) {
    // A store makes keys of names: what is none gets no further.
    const robot = isRobotName(name) ? (await directory.readRobot(name))?.robot : undefined;
    return robot && robotTokenIn(robot, hash);
  }
  let looked = 0;
  for await (const robot of walkRobots(directory)) {
    looked += 1;
    if (looked > limit) return undefined;
    const place = robotTokenIn(robot, hash);
    if (place) return place;
  }
  return undefined;
}

/** Where `robot` has a robot token of that hash. */
export function robotTokenIn(robot: Robot, hash: string): RobotTokenPlace | undefined {
  for (const field of ["token", "previousToken"] as const) {
    const token = robot[field];
    if (token && equalHashes(token.hash, hash)) return { robot, token, field };
  }
  return undefined;
}
