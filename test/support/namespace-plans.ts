import type { DeclaredNamespace, DeclaredRobot } from "../../src/domain/accounts/declaration.ts";
import { type NamespaceState, planNamespace } from "../../src/domain/accounts/namespace-plan.ts";
import type { Robot } from "../../src/domain/accounts/robot.ts";
import { aNamespace, aRobot } from "./baseline.ts";
import { declaredRobot } from "./declaration-store.ts";
import { bare } from "./planned-objects.ts";

export const OWNER = "file";
export const NOW = 1_800_000_000;

/** `acme` with these robots, as a file declares it. */
export function declared(
  robots: readonly DeclaredRobot[],
  change: Partial<DeclaredNamespace> = {},
): DeclaredNamespace {
  return { name: "acme", kind: "organization", enabled: true, robots, ...change };
}

/** `acme` with these robots, as a store has it. */
export function state(
  robots: readonly Robot[] = [aRobot()],
  change: Partial<NamespaceState["namespace"]> = {},
) {
  return { namespace: aNamespace(change), robots };
}

/** What `drawn-1`, `drawn-2` … are drawn for. */
export function fullPlan(current: NamespaceState | undefined, desired: DeclaredNamespace, adopts = false) {
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return `drawn-${drawn}`;
  };
  return planNamespace(current, desired, { owner: OWNER, adopts, draw }, NOW);
}

/** The plan without its views, which have tests of their own. */
export function plan(...args: Parameters<typeof fullPlan>) {
  const planned = fullPlan(...args);
  return { ...planned, objects: bare(planned.objects) };
}

/** The robot that is put when the baseline's robot, changed by `from`, is declared with `change`. */
export function put(change: Partial<DeclaredRobot>, from: Partial<Robot> = {}): Robot | undefined {
  return plan(state([aRobot(from)]), declared([declaredRobot(change)])).putRobots[0];
}
