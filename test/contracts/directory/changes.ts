import type { Robot } from "../../../src/domain/accounts/robot.ts";
import type { NamespaceChange, NamespaceRecords, SystemChange } from "../../../src/usecases/store-records.ts";
import { aNamespace, anEvent, aRobot } from "../../support/baseline.ts";

const EVENT = anEvent(1_700_000_000_000, { kind: "directory.changed" });

/** Makes `acme` with one robot; or, by `change`, anything else. */
export function aNamespaceChange(change: Partial<NamespaceChange> = {}): NamespaceChange {
  return {
    name: "acme",
    fromRevision: 0,
    namespace: aNamespace({ name: change.name ?? "acme" }),
    putRobots: [aRobot()],
    removeRobots: [],
    event: EVENT,
    ...change,
  };
}

export function aRemoval(fromRevision: number, name = "acme"): NamespaceChange {
  return aNamespaceChange({ name, fromRevision, namespace: undefined, putRobots: [] });
}

export function aSystemChange(change: Partial<SystemChange> = {}): SystemChange {
  return {
    fromRevision: 0,
    putIssuers: [],
    removeIssuers: [],
    putRegistries: [],
    removeRegistries: [],
    event: EVENT,
    ...change,
  };
}

/** The records with their robots by name: their order is the adapter's own. */
export function sorted(records: NamespaceRecords | undefined): NamespaceRecords | undefined {
  return records && { ...records, robots: records.robots.toSorted(byName) };
}

export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}

/** A robot of `acme` with an identity of its own. */
export function anotherRobot(shortName: string, change: Partial<Robot> = {}): Robot {
  return aRobot({ name: `acme+${shortName}`, uid: `uid-of-${shortName}`, ...change });
}
