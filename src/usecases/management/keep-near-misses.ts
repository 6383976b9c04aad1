import { namespaceOfRobot } from "../../domain/access/names.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { type NearMissCandidate, nearMissOf } from "../../domain/near-miss.ts";
import type { Clock, Directory, NearMissStore } from "../ports.ts";
import { readNamespacePlace } from "./namespace-place.ts";

export interface KeepNearMissesDeps {
  readonly directory: Pick<Directory, "listRobots" | "readRobot">;
  readonly nearMisses: NearMissStore;
  readonly clock: Clock;
  /** The setting BERTH_NEAR_MISS_PERSONAL. */
  readonly personal: boolean;
}

/** Namespaces looked at in one call: who floods with names costs the store this many reads a second. */
const MAX_NAMESPACES = 20;
/** Robots of a namespace whose rules are looked at, beside those that were asked for: a millisecond of the store's. */
export const MAX_ROBOTS_OF_NEAR_MISS = 500;

/**
 * Decides what refused tokens leave behind: one whose tenant a rule of the namespace names is kept, in the claims
 * of the allow-list alone; of the others only the number is. A namespace that does not exist gets no record, or
 * anybody could fill the store with invented names.
 *
 * Of a namespace with more than MAX_ROBOTS_OF_NEAR_MISS robots, a tenant that only one of the others names counts as
 * a stranger, unless it is that robot which was asked for. For the audit trail's buffer, after the answers.
 *
 * @returns How many candidates were left out, being of a namespace past MAX_NAMESPACES.
 */
export async function keepNearMisses(
  deps: KeepNearMissesDeps,
  candidates: readonly NearMissCandidate[],
): Promise<number> {
  const byNamespace = Map.groupBy(candidates, ({ robot }) => namespaceOfRobot(robot));
  const namespaces = [...byNamespace];
  for (const [namespace, ofNamespace] of namespaces.slice(0, MAX_NAMESPACES)) {
    if ((await readNamespacePlace(deps.directory, namespace)) === undefined) continue;
    const robots = await robotsToLookAt(deps.directory, namespace, ofNamespace);
    const rules = robots.flatMap((robot) => robot.rules);
    const found = await Promise.all(
      ofNamespace.map((candidate) => nearMissOf(candidate, rules, deps.personal)),
    );
    const sightings = found.filter((sighting) => sighting !== undefined);
    const others = found.length - sightings.length;
    await deps.nearMisses.keep(namespace, sightings, others, deps.clock.now());
  }
  return namespaces.slice(MAX_NAMESPACES).reduce((sum, [, leftOut]) => sum + leftOut.length, 0);
}

/** As many reads as robots were asked for at the most, and those are no more than the buffer holds. */
async function robotsToLookAt(
  directory: KeepNearMissesDeps["directory"],
  namespace: string,
  candidates: readonly NearMissCandidate[],
): Promise<readonly Robot[]> {
  const robots = await directory.listRobots(namespace, "", MAX_ROBOTS_OF_NEAR_MISS);
  if (robots.length < MAX_ROBOTS_OF_NEAR_MISS) return robots;
  const listed = new Set(robots.map(({ name }) => name));
  const askedFor = new Set(candidates.map(({ robot }) => robot));
  const others = [...askedFor].filter((name) => !listed.has(name));
  const found = await Promise.all(others.map((name) => directory.readRobot(name)));
  return [...robots, ...found.flatMap((place) => place?.robot ?? [])];
}
