import type { RobotName } from "../access/names.ts";
import { isCovered } from "../access/permission-cover.ts";
import { canonicalJson } from "../canonical-json.ts";
import type {
  DeclaredNamespace,
  DeclaredRobot,
  PlanContext,
  PlannedObject,
  PlannedOutcome,
} from "./declaration.ts";
import { planList } from "./list-plan.ts";
import type { Namespace, Robot, RobotToken } from "./robot.ts";
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

/** @param now Unix seconds. */
export function planNamespace(
  current: NamespaceState | undefined,
  desired: DeclaredNamespace,
  context: PlanContext,
  now: number,
): NamespacePlan {
  const old = current?.namespace;
  if (old !== undefined && old.managedBy !== context.owner) return conflict(old, "namespace", old);
  const namespace = nextNamespace(desired, old, context);
  const robots = planList({
    kind: "robot",
    owner: context.owner,
    current: current?.robots ?? [],
    desired: desired.robots,
    nameOf: (robot) => robot.name,
    next: (declared, oldRobot) => nextRobot(declared, oldRobot, context, now),
  });
  return {
    namespace,
    putRobots: robots.put,
    removeRobots: robots.remove.map((robot) => robot.name),
    objects: [
      { kind: "namespace", name: namespace.name, outcome: outcomeOf(namespace, old) },
      ...robots.objects,
    ],
  };
}

/** Removes a namespace that `owner` owns and no longer declares; a robot of another owner keeps it in place. */
export function planNamespaceRemoval(current: NamespaceState, owner: string): NamespacePlan {
  const { namespace, robots } = current;
  const foreign = robots.find((robot) => robot.managedBy !== owner);
  if (foreign) return conflict(namespace, "robot", foreign);
  const objects: PlannedObject[] = [
    { kind: "namespace", name: namespace.name, outcome: "removed" },
    ...robots.map((robot): PlannedObject => ({ kind: "robot", name: robot.name, outcome: "removed" })),
  ];
  return { namespace: undefined, putRobots: [], removeRobots: [], objects };
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

function outcomeOf(next: Namespace, old: Namespace | undefined): PlannedOutcome {
  if (old === undefined) return "created";
  return canonicalJson(next) === canonicalJson(old) ? "unchanged" : "changed";
}

function nextNamespace(
  { name, kind, enabled }: DeclaredNamespace,
  old: Namespace | undefined,
  { owner, draw }: PlanContext,
): Namespace {
  const nonce = old !== undefined && old.enabled === enabled ? old.nonce : draw();
  return { name, kind, nonce, enabled, managedBy: owner };
}

/**
 * A robot's nonce is new when it is created, disabled or enabled, when its token or its catalogue flag changes,
 * and when it loses any of its permissions. A permission more keeps it: a credential records what it was minted
 * for, so a wider robot gives nothing to a credential that is out, and running jobs are left alone.
 */
function nextRobot(
  declared: DeclaredRobot,
  old: Robot | undefined,
  { owner, draw }: PlanContext,
  now: number,
): Robot {
  const { name, enabled, description, permissions, catalog } = declared;
  const token = nextToken(declared.tokenHash, old?.token, now);
  const keepsNonce =
    old !== undefined &&
    old.enabled === enabled &&
    old.catalog === catalog &&
    old.token?.hash === token?.hash &&
    old.permissions.every((permission) => isCovered(permission, permissions));
  return {
    name,
    uid: old?.uid ?? draw(),
    nonce: keepsNonce ? old.nonce : draw(),
    enabled,
    description,
    createdAt: old?.createdAt ?? now,
    permissions,
    catalog,
    rules: carryRules(declared.rules, old?.rules ?? [], draw),
    ...(token === undefined ? {} : { token }),
    managedBy: owner,
  };
}

/** A token that was made on request stays when the declaration names none; one that it named before goes. */
function nextToken(
  declaredHash: string | undefined,
  old: RobotToken | undefined,
  now: number,
): RobotToken | undefined {
  if (declaredHash === undefined) return old?.declared ? undefined : old;
  if (old?.hash === declaredHash) return { ...old, declared: true };
  return { hash: declaredHash, number: (old?.number ?? 0) + 1, createdAt: now, declared: true };
}
