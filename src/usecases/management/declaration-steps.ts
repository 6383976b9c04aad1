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
import { planSystem } from "../../domain/accounts/system-plan.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { Directory } from "../ports.ts";
import type { CommitOutcome } from "../store-records.ts";

/** One commit to come, planned from the records as they were read. */
export interface Step {
  readonly objects: readonly PlannedObject[];
  readonly commit: (event: AuditEvent) => Promise<CommitOutcome>;
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
  context: PlanContext,
  now: () => number,
): Promise<readonly (() => Promise<Step>)[]> {
  const declared = new Set(declaration.namespaces.map(({ name }) => name));
  const undeclared = (await directory.listNamespaces()).filter(
    ({ name, managedBy }) => managedBy === context.owner && !declared.has(name),
  );
  return [
    () => putSystem(directory, declaration, context),
    ...declaration.namespaces.map((desired) => () => putNamespace(directory, desired, context, now())),
    ...undeclared.map(
      ({ name }) =>
        () =>
          removeNamespace(directory, name, context.owner),
    ),
    () => removeFromSystem(directory, declaration, context),
  ];
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
  return namespaceStep(directory, desired.name, current?.revision ?? 0, plan);
}

/** A namespace that is declared no more; nothing where it is gone already. */
async function removeNamespace(directory: Directory, name: string, owner: string): Promise<Step> {
  const current = await directory.readNamespace(name);
  const plan = current
    ? planNamespaceRemoval(current, owner)
    : { namespace: undefined, putRobots: [], removeRobots: [], objects: [] };
  return namespaceStep(directory, name, current?.revision ?? 0, plan);
}

function namespaceStep(
  directory: Directory,
  name: string,
  fromRevision: number,
  { objects, ...plan }: NamespacePlan,
): Step {
  return {
    objects,
    commit: (event) => directory.commitNamespace({ name, fromRevision, ...plan, event }),
  };
}
