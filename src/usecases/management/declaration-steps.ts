import type { RobotName } from "../../domain/access/names.ts";
import type {
  Declaration,
  DeclaredNamespace,
  PlanContext,
  PlannedObject,
} from "../../domain/accounts/declaration.ts";
import {
  type NamespacePlan,
  planNamespace,
  planNamespaceRemoval,
} from "../../domain/accounts/namespace-plan.ts";
import type { Namespace, Robot } from "../../domain/accounts/robot.ts";
import { planSystem } from "../../domain/accounts/system-plan.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { Directory } from "../ports.ts";
import type { CommitOutcome, NamespaceRecords } from "../store-records.ts";
import { walkNamespace } from "./walk-namespace.ts";

/** A record before and after; undefined: there is none. */
export interface RecordChange<T> {
  readonly old: T | undefined;
  readonly next: T | undefined;
}

export interface RobotRecordChange extends RecordChange<Robot> {
  readonly name: RobotName;
}

/** What a step does to a namespace and its robots: records, where its objects are views. */
export interface NamespaceRecordChanges extends RecordChange<Namespace> {
  readonly name: string;
  /** Those that change, are made or go. */
  readonly robots: readonly RobotRecordChange[];
}

/** One commit to come, planned from the records as they were read. */
export interface Step {
  /** The one that it is about; absent: issuers and registries. */
  readonly namespace?: NamespaceRecordChanges;
  readonly objects: readonly PlannedObject[];
  readonly commit: (event: AuditEvent) => Promise<CommitOutcome>;
  /** In place of a commit, where nothing changes (`confirmed.ts`). */
  readonly confirm: () => Promise<void>;
}

/** Who applies, and how far a run goes. */
export interface StepContext extends PlanContext {
  /**
   * Whether namespaces, issuers and registries of the owner that are declared no more go, and its robots in other
   * owners' namespaces; its robots in declared namespaces go in any case.
   */
  readonly prune: boolean;
  /** Whether a namespace that is not declared may be looked into for what is to go. */
  readonly reaches: (namespace: string) => boolean;
}

/**
 * All that makes the directory what the declaration says, in the order in which nothing is named before it is
 * there, and nothing is gone while it is named: each step is to be planned when the one before is committed.
 *
 * @param now Unix seconds.
 */
export async function declarationSteps(
  directory: Directory,
  declaration: Declaration,
  context: StepContext,
  now: () => number,
): Promise<readonly (() => Promise<Step>)[]> {
  const puts = [
    () => putSystem(directory, declaration, context),
    ...declaration.namespaces.map((desired) => () => putNamespace(directory, desired, context, now())),
  ];
  if (!context.prune) return puts;
  const undeclared = await undeclaredNamespaces(directory, declaration, context);
  return [
    ...puts,
    ...undeclared.map((name) => () => removeNamespace(directory, name, context.owner)),
    () => removeFromSystem(directory, declaration, context),
  ];
}

/**
 * Namespaces that are declared no more and in which `owner` owns something: themselves, or robots in them. It reads
 * the robots of all that others own, a page at a time, or a robot whose line is gone would live on.
 */
async function undeclaredNamespaces(
  directory: Directory,
  declaration: Declaration,
  { owner, reaches }: Pick<StepContext, "owner" | "reaches">,
): Promise<readonly string[]> {
  const declared = new Set(declaration.namespaces.map(({ name }) => name));
  const found: string[] = [];
  for (const { name, managedBy } of await directory.listNamespaces()) {
    if (declared.has(name) || !reaches(name)) continue;
    if (managedBy === owner || (await hasRobotOf(directory, name, owner))) found.push(name);
  }
  return found;
}

async function hasRobotOf(directory: Directory, namespace: string, owner: string): Promise<boolean> {
  for await (const robot of walkNamespace(directory, namespace)) {
    if (robot.managedBy === owner) return true;
  }
  return false;
}

/** Issuers and registries that are new or changed. */
async function putSystem(
  directory: Directory,
  declaration: Declaration,
  context: PlanContext,
): Promise<Step> {
  const { revision, ...current } = await directory.readSystem();
  const { putIssuers, putRegistries, objects } = planSystem(current, declaration, context);
  return {
    objects: objects.filter(({ outcome }) => outcome !== "removed"),
    confirm: () => directory.confirm(),
    commit: (event) =>
      directory.commitSystem({
        fromRevision: revision,
        putIssuers,
        putRegistries,
        removeIssuers: [],
        removeRegistries: [],
        event,
      }),
  };
}

/** Issuers and registries that are declared no more. */
async function removeFromSystem(
  directory: Directory,
  declaration: Declaration,
  context: PlanContext,
): Promise<Step> {
  const { revision, ...current } = await directory.readSystem();
  const { removeIssuers, removeRegistries, objects } = planSystem(current, declaration, context);
  return {
    objects: objects.filter(({ outcome }) => outcome === "removed"),
    confirm: () => directory.confirm(),
    commit: (event) =>
      directory.commitSystem({
        fromRevision: revision,
        putIssuers: [],
        putRegistries: [],
        removeIssuers,
        removeRegistries,
        event,
      }),
  };
}

/** A namespace with all its robots, whole. */
async function putNamespace(
  directory: Directory,
  desired: DeclaredNamespace,
  context: PlanContext,
  now: number,
): Promise<Step> {
  const current = await directory.readNamespace(desired.name);
  const plan = planNamespace(current, desired, context, now);
  return namespaceStep(directory, desired.name, current, plan);
}

/** What the owner has of a namespace that is declared no more; nothing where it is gone already. */
async function removeNamespace(directory: Directory, name: string, owner: string): Promise<Step> {
  const current = await directory.readNamespace(name);
  const plan = current
    ? planNamespaceRemoval(current, owner)
    : { namespace: undefined, putRobots: [], removeRobots: [], objects: [] };
  return namespaceStep(directory, name, current, plan);
}

function namespaceStep(
  directory: Directory,
  name: string,
  current: NamespaceRecords | undefined,
  { objects, ...plan }: NamespacePlan,
): Step {
  const fromRevision = current?.revision ?? 0;
  return {
    namespace: { name, old: current?.namespace, next: plan.namespace, robots: robotChanges(current, plan) },
    objects,
    confirm: () => directory.confirm(name),
    commit: (event) => directory.commitNamespace({ name, fromRevision, ...plan, event }),
  };
}

function robotChanges(
  current: NamespaceRecords | undefined,
  { namespace, putRobots, removeRobots }: Omit<NamespacePlan, "objects">,
): readonly RobotRecordChange[] {
  const robots = current?.robots ?? [];
  const old = new Map(robots.map((robot) => [robot.name, robot]));
  const removed = new Set(removeRobots);
  const going = namespace === undefined ? robots : robots.filter(({ name }) => removed.has(name));
  return [
    ...putRobots.map((next) => ({ name: next.name, old: old.get(next.name), next })),
    ...going.map((robot) => ({ name: robot.name, old: robot, next: undefined })),
  ];
}
