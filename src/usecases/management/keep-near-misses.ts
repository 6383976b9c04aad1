import { namespaceOfRobot } from "../../domain/access/names.ts";
import { type NearMissCandidate, nearMissOf } from "../../domain/near-miss.ts";
import type { Clock, Directory, NearMissStore } from "../ports.ts";

export interface KeepNearMissesDeps {
  readonly directory: Pick<Directory, "readNamespace">;
  readonly nearMisses: NearMissStore;
  readonly clock: Clock;
  /** The setting BERTH_NEAR_MISS_PERSONAL. */
  readonly personal: boolean;
}

/** Namespaces looked at in one call: who floods with names costs the store this many reads a second. */
const MAX_NAMESPACES = 20;

/**
 * Decides what refused tokens leave behind: one whose tenant a rule of the namespace names is kept, in the claims
 * of the allow-list alone; of the others only the number is. A namespace that does not exist gets no record, or
 * anybody could fill the store with invented names.
 *
 * For the audit trail's buffer, after the answers: it reads the namespace whole.
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
    const records = await deps.directory.readNamespace(namespace);
    if (records === undefined) continue;
    const rules = records.robots.flatMap((robot) => robot.rules);
    const found = await Promise.all(
      ofNamespace.map((candidate) => nearMissOf(candidate, rules, deps.personal)),
    );
    const sightings = found.filter((sighting) => sighting !== undefined);
    const others = found.length - sightings.length;
    await deps.nearMisses.keep(namespace, sightings, others, deps.clock.now());
  }
  return namespaces.slice(MAX_NAMESPACES).reduce((sum, [, leftOut]) => sum + leftOut.length, 0);
}
