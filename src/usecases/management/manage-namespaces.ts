import { isNamespaceName, namespaceOfRobot } from "../../domain/access/names.ts";
import { namespaceOfRepository } from "../../domain/access/repository.ts";
import { type Caller, isBoundTo, isSuperUser } from "../../domain/accounts/caller.ts";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import { isAdministrative, type Namespace } from "../../domain/accounts/robot.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ApiTokens } from "../ports.ts";
import type { Reservation } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps, Versioned } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { changeNamespace, versionedNamespace } from "./change-namespace.ts";
import { drawFrom, type Refused } from "./change-robot.ts";
import { readNamespacePlace } from "./namespace-place.ts";
import { walkNamespace } from "./walk-namespace.ts";
import { walkRobots } from "./walk-robots.ts";

type ReadDeps = Pick<ManagementDeps, "directory">;
type Managed<T> = Promise<Result<T, Refused>>;

/** What the removal of a namespace leaves behind. */
export interface RemovedNamespace {
  /** Services of the registries that may still hold its images: Berth deletes none. */
  readonly registries: readonly string[];
}

/** The namespaces that the caller is bound to, by name. */
export function listNamespaces({ directory }: ReadDeps, caller: Caller): Managed<readonly Namespace[]> {
  return refuseWhenUnavailable<readonly Namespace[], never>(async () => {
    const namespaces = await directory.listNamespaces();
    return ok(namespaces.filter(({ name }) => isBoundTo(caller, name)));
  });
}

export function findNamespace({ directory }: ReadDeps, name: string): Managed<Versioned<Namespace>> {
  return refuseWhenUnavailable<Versioned<Namespace>, Refused["reason"]>(async () => {
    const place = await readNamespacePlace(directory, name);
    if (place === undefined) return err(rejection("namespace_unknown", name));
    return ok(await versionedNamespace(place.namespace));
  });
}

/** A new namespace. A name that another one had is reserved: its images may still be in the registries. */
export async function createNamespace(
  deps: ManagementDeps,
  { name, kind }: Pick<Namespace, "name" | "kind">,
  context: ChangeContext,
): Managed<Versioned<Namespace>> {
  if (!isNamespaceName(name)) return err(rejection("name_malformed", name));
  const nonce = drawFrom(deps.random)();
  const created = await changeNamespace<Namespace>(deps, name, context, async (old) => {
    if (old !== undefined) return err(rejection("name_taken", name));
    const reserved = await deps.directory.listReservations();
    if (reserved.some((one) => one.name === name)) return err(rejection("name_reserved", name));
    return ok({ name, kind, nonce, enabled: true, managedBy: API_OWNER });
  });
  return created.ok ? ok(await versionedNamespace(created.value)) : created;
}

/** Disabling ends all that was earned with the namespace's robots. It may be done to anybody's, for an emergency. */
export async function setNamespaceEnabled(
  deps: ManagementDeps,
  name: string,
  enabled: boolean,
  context: ChangeContext,
): Managed<Versioned<Namespace>> {
  const nonce = drawFrom(deps.random)();
  const changed = await changeNamespace<Namespace>(deps, name, context, async (old) => {
    if (old === undefined) return err(rejection("namespace_unknown", name));
    if (enabled && old.managedBy !== API_OWNER) return err(rejection("managed_elsewhere", old.managedBy));
    return ok(old.enabled === enabled ? old : { ...old, enabled, nonce });
  });
  return changed.ok ? ok(await versionedNamespace(changed.value)) : changed;
}

/**
 * Removes a namespace with all its robots, and ends all that was earned with them. Its name stays reserved. Refused
 * while somebody else manages it or a robot in it, and to all but an operator while a robot in it grants API scopes.
 */
export async function deleteNamespace(
  deps: ManagementDeps,
  name: string,
  context: ChangeContext,
): Managed<RemovedNamespace> {
  let registries: readonly string[] = [];
  const removed = await changeNamespace<undefined>(deps, name, context, async (old) => {
    if (old === undefined) return err(rejection("namespace_unknown", name));
    const refusal = await refusalOfRemoval(deps, old, context.caller);
    if (refusal !== undefined) return err(refusal);
    // Before the write: a read that fails behind it would hide that it was done.
    registries = (await deps.directory.readSystem()).registries.map(({ service }) => service);
    return ok(undefined);
  });
  return removed.ok ? ok({ registries }) : removed;
}

/** Walks all robots of the namespace: one read for each 500. Who adds one meanwhile makes the commit a conflict. */
async function refusalOfRemoval(
  { directory }: ReadDeps,
  { name, managedBy }: Namespace,
  caller: Caller,
): Promise<Refused | undefined> {
  if (managedBy !== API_OWNER) return rejection("managed_elsewhere", managedBy);
  for await (const robot of walkNamespace(directory, name)) {
    if (robot.managedBy !== API_OWNER) {
      return rejection("managed_elsewhere", `${robot.name}: ${robot.managedBy}`);
    }
    if (isAdministrative(robot) && !isSuperUser(caller)) {
      return rejection("administrative_robot", robot.name);
    }
  }
  return undefined;
}

/** Names that nobody takes before an operator releases them. */
export function listReservations({ directory }: ReadDeps): Managed<readonly Reservation[]> {
  return refuseWhenUnavailable<readonly Reservation[], never>(async () =>
    ok(await directory.listReservations()),
  );
}

/**
 * Frees the name of a namespace that was removed: whoever takes it next has what images are left under it. Refused
 * while an API token is bound to the name, or a robot of another namespace has a permission in it, since these would
 * open the next owner's namespace. Reads every robot, as `walkRobots` does.
 */
export async function releaseNamespace(
  deps: ManagementDeps & { readonly apiTokens: Pick<ApiTokens, "list"> },
  name: string,
  context: ChangeContext,
): Managed<void> {
  if (!isSuperUser(context.caller)) return err(rejection("insufficient_scope"));
  return refuseWhenUnavailable<void, Refused["reason"]>(async () => {
    const now = Math.floor(deps.clock.now() / 1000);
    const bound = (await deps.apiTokens.list()).filter(
      ({ namespaces, expiresAt }) => expiresAt > now && namespaces !== "all" && namespaces.includes(name),
    );
    if (bound.length > 0) {
      const ids = bound.map(({ id }) => id).join(", ");
      return err(rejection("in_use", `API tokens bound to ${name} must be revoked first: ${ids}`));
    }
    const robots = await robotsWithin(deps.directory, name);
    if (robots.length > 0) {
      const named = robots.slice(0, MAX_NAMED_ROBOTS).join(", ");
      return err(
        rejection(
          "in_use",
          `${robots.length} robots have permissions in ${name}, to be taken first: ${named}`,
        ),
      );
    }
    const event = changeEvent(deps, context, { kind: "namespace.released", namespace: name });
    const released = await deps.directory.releaseName(name, event);
    return released ? ok(undefined) : err(rejection("reservation_unknown", name));
  });
}

const MAX_NAMED_ROBOTS = 20;

/** Robots, of other namespaces, that have a permission in `namespace`. */
async function robotsWithin(directory: ReadDeps["directory"], namespace: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, permissions } of walkRobots(directory)) {
    if (namespaceOfRobot(name) === namespace) continue;
    if (permissions.some(({ repository }) => namespaceOfRepository(repository) === namespace))
      found.push(name);
  }
  return found;
}
