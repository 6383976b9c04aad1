import type { RobotName } from "../access/names.ts";
import { canonicalJson } from "../canonical-json.ts";
import { auditDifference, auditViewOfNamespace, auditViewOfRobot } from "./audit-view.ts";
import {
  type DeclaredNamespace,
  type DeclaredRobot,
  isWritable,
  type PlanContext,
  type PlannedObject,
} from "./declaration.ts";
import { planList } from "./list-plan.ts";
import { nextRobot } from "./next-robot.ts";
import { type Namespace, nextTokenNumber, type Robot, type RobotToken } from "./robot.ts";
import { carryRules } from "./rule-carry.ts";

/** A namespace as a store has it. */
export interface NamespaceState {
  readonly namespace: Namespace;
  readonly robots: readonly Robot[];
}

export interface NamespacePlan {
  /** The namespace afterwards; undefined: removed with all its robots. */
  readonly namespace: Namespace | undefined;
  readonly putRobots: readonly Robot[];
  readonly removeRobots: readonly RobotName[];
  readonly objects: readonly PlannedObject[];
}

/**
 * A namespace of another owner stays that owner's. To declare it just as it is is no conflict, so that a team may put
 * robots into a namespace that somebody made for it.
 *
 * @param now Unix seconds.
 */
export function planNamespace(
  current: NamespaceState | undefined,
  desired: DeclaredNamespace,
  context: PlanContext,
  now: number,
): NamespacePlan {
  const old = current?.namespace;
  const namespace = nextNamespace(desired, old, context);
  if (old !== undefined && !isWritable(old, context) && !isSame(namespace, old)) {
    return conflict(old, "namespace", old);
  }
  const robots = planList({
    kind: "robot",
    context,
    current: current?.robots ?? [],
    desired: desired.robots,
    nameOf: (robot) => robot.name,
    next: (declared, oldRobot) => declaredRecord(declared, oldRobot, context, now),
    view: auditViewOfRobot,
  });
  return {
    namespace,
    putRobots: robots.put,
    removeRobots: robots.remove.map((robot) => robot.name),
    objects: [plannedNamespace(namespace, old), ...robots.objects],
  };
}

/**
 * Removes what `owner` owns of a namespace that it no longer declares: all of it; of a namespace of another owner,
 * its robots in there. A robot of another owner keeps the namespace in place.
 */
export function planNamespaceRemoval(current: NamespaceState, owner: string): NamespacePlan {
  const { namespace, robots } = current;
  if (namespace.managedBy !== owner) return planWithdrawal(current, owner);
  const foreign = robots.find((robot) => robot.managedBy !== owner);
  if (foreign) return conflict(namespace, "robot", foreign);
  const { name } = namespace;
  const view = auditDifference(auditViewOfNamespace(namespace), undefined);
  const objects: PlannedObject[] = [
    { kind: "namespace", name, outcome: "removed", ...view },
    ...robots.map(removedRobot),
  ];
  return { namespace: undefined, putRobots: [], removeRobots: [], objects };
}

function planWithdrawal({ namespace, robots }: NamespaceState, owner: string): NamespacePlan {
  const own = robots.filter((robot) => robot.managedBy === owner);
  return {
    namespace,
    putRobots: [],
    removeRobots: own.map(({ name }) => name),
    objects: own.map(removedRobot),
  };
}

function removedRobot(robot: Robot): PlannedObject {
  const view = auditDifference(auditViewOfRobot(robot), undefined);
  return { kind: "robot", name: robot.name, outcome: "removed", ...view };
}

function conflict(
  namespace: Namespace,
  kind: "namespace" | "robot",
  { name, managedBy }: Namespace | Robot,
): NamespacePlan {
  return {
    namespace,
    putRobots: [],
    removeRobots: [],
    objects: [{ kind, name, outcome: "conflict", managedBy }],
  };
}

function plannedNamespace(next: Namespace, old: Namespace | undefined): PlannedObject {
  const object = { kind: "namespace", name: next.name } as const;
  if (old !== undefined && isSame(next, old)) return { ...object, outcome: "unchanged" };
  const view = auditDifference(old && auditViewOfNamespace(old), auditViewOfNamespace(next));
  return { ...object, outcome: old === undefined ? "created" : "changed", ...view };
}

function isSame(next: Namespace, old: Namespace): boolean {
  return canonicalJson(next) === canonicalJson(old);
}

function nextNamespace(
  { name, kind, enabled }: DeclaredNamespace,
  old: Namespace | undefined,
  context: PlanContext,
): Namespace {
  const nonce = old !== undefined && old.enabled === enabled ? old.nonce : context.draw();
  const managedBy = old === undefined || isWritable(old, context) ? context.owner : old.managedBy;
  return { name, kind, nonce, enabled, managedBy };
}

/** What a declaration has no word for, and so leaves alone: metadata, and the tokens that were made on request. */
function declaredRecord(
  declared: DeclaredRobot,
  old: Robot | undefined,
  context: PlanContext,
  now: number,
): Robot {
  const { name, enabled, description, permissions, catalog } = declared;
  const token = nextToken(declared.tokenHash, old, now);
  const content = {
    enabled,
    description,
    permissions,
    catalog,
    rules: carryRules(declared.rules, old?.rules ?? [], context.draw),
    ...(token && { token }),
    ...(old?.metadata && { metadata: old.metadata }),
    // Another token, or none, ends the grace time of the one before.
    ...(old?.previousToken && token?.hash === old.token?.hash && { previousToken: old.previousToken }),
    ...(old?.keylessOnly && !token && { keylessOnly: old.keylessOnly }),
  };
  return nextRobot(name, content, old, { ...context, now });
}

/** A token that was made on request stays when the declaration names none; one that it named before goes. */
function nextToken(
  declaredHash: string | undefined,
  robot: Robot | undefined,
  now: number,
): RobotToken | undefined {
  const old = robot?.token;
  if (declaredHash === undefined) return old?.declared ? undefined : old;
  if (old?.hash === declaredHash) return { ...old, declared: true };
  return { hash: declaredHash, number: nextTokenNumber(robot), createdAt: now, declared: true };
}
