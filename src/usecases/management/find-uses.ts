import type { Robot } from "../../domain/accounts/robot.ts";
import type { Directory } from "../ports.ts";
import { walkRobots } from "./walk-robots.ts";

/** So many robots are looked at; with more, the answer says that it does not know all. */
export const MAX_ROBOTS_LOOKED_AT = 10_000;

/**
 * How an issuer or a registry is used, as a sentence for who is about to remove it; undefined: by nobody. Of more
 * than MAX_ROBOTS_LOOKED_AT robots the rest may use it, so the answer is never "by nobody" then.
 *
 * @param thing What uses it, in the plural: `rules`.
 * @param count How many of them a robot has.
 */
export async function findUses(
  directory: Pick<Directory, "listNamespaces" | "listRobots">,
  thing: string,
  count: (robot: Robot) => number,
): Promise<string | undefined> {
  let [looked, uses] = [0, 0];
  for await (const robot of walkRobots(directory)) {
    looked += 1;
    if (looked > MAX_ROBOTS_LOOKED_AT) {
      return `${thing} of the first ${MAX_ROBOTS_LOOKED_AT} robots that name it: ${uses}; there are more robots`;
    }
    uses += count(robot);
  }
  return uses === 0 ? undefined : `${thing} that name it: ${uses}`;
}
