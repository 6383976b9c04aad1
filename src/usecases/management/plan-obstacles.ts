import { type Caller, isSuperUser } from "../../domain/accounts/caller.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import type { Directory } from "../ports.ts";
import type { RobotRecordChange, Step } from "./declaration-steps.ts";
import { findUses } from "./find-uses.ts";
import type { RefusedObject } from "./refused-object.ts";

type ReadDeps = Pick<Directory, "listReservations" | "listNamespaces" | "listRobots">;

/** Objects of a step that another owner has. */
export function conflicts({ objects }: Step): readonly RefusedObject[] {
  return objects
    .filter(({ outcome }) => outcome === "conflict")
    .map(({ kind, name, managedBy }) => ({
      kind,
      name,
      reason: "managed_elsewhere",
      sentence: `is managed by ${managedBy}`,
    }));
}

/**
 * What stands against a plan, whatever its author may do: other owners' objects, names that are reserved, and issuers
 * and registries that are to go while rules and permissions that stay name them. The last is told to an operator
 * alone: nobody else removes them, and it looks into every namespace.
 */
export async function obstacles(
  directory: ReadDeps,
  steps: readonly Step[],
  caller: Caller,
): Promise<readonly RefusedObject[]> {
  return [
    ...steps.flatMap(conflicts),
    ...(await reservedNames(directory, steps)),
    ...(isSuperUser(caller) ? await stillUsed(directory, steps) : []),
  ];
}

async function reservedNames(directory: ReadDeps, steps: readonly Step[]): Promise<readonly RefusedObject[]> {
  const made = steps.flatMap(({ namespace }) =>
    namespace?.next && namespace.old === undefined ? [namespace.name] : [],
  );
  if (made.length === 0) return [];
  const reserved = new Set((await directory.listReservations()).map(({ name }) => name));
  return made
    .filter((name) => reserved.has(name))
    .map((name) => ({
      kind: "namespace",
      name,
      reason: "name_reserved",
      sentence: "is reserved: a namespace of that name was removed",
    }));
}

/** Walks all robots once for each issuer and registry that is to go: an operator's rare wish. */
async function stillUsed(directory: ReadDeps, steps: readonly Step[]): Promise<readonly RefusedObject[]> {
  const changed = changedRobots(steps);
  const found: RefusedObject[] = [];
  for (const { kind, name, outcome } of steps.flatMap(({ objects }) => objects)) {
    if (outcome !== "removed" || (kind !== "issuer" && kind !== "registry")) continue;
    const count = kind === "issuer" ? rulesOf(name) : permissionsAt(name);
    const uses = await findUses(directory, kind === "issuer" ? "rules" : "permissions", (robot) => {
      const change = changed.get(robot.name);
      const then = change === undefined ? robot : change.next;
      return then === undefined ? 0 : count(then);
    });
    if (uses !== undefined) found.push({ kind, name, reason: "in_use", sentence: `is in use: ${uses}` });
  }
  return found;
}

/** As they will be: what the plan takes away with the issuer is no use of it. */
function changedRobots(steps: readonly Step[]): ReadonlyMap<string, RobotRecordChange> {
  const changes = steps.flatMap(({ namespace }) => namespace?.robots ?? []);
  return new Map(changes.map((change) => [change.name, change]));
}

function rulesOf(url: string): (robot: Robot) => number {
  return ({ rules }) => rules.filter(({ issuer }) => issuer === url).length;
}

function permissionsAt(service: string): (robot: Robot) => number {
  return ({ permissions }) => permissions.filter(({ registry }) => registry === service).length;
}
