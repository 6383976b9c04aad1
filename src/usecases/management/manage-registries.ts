import type { Registry } from "../../domain/access/registry.ts";
import { auditChange, auditViewOfRegistry } from "../../domain/accounts/audit-view.ts";
import type { DeclaredRegistry } from "../../domain/accounts/declaration.ts";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { activeKey } from "../../domain/keys/key-series.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { KeyDeps } from "../upkeep/key-deps.ts";
import { rotateKeys } from "../upkeep/rotate-keys.ts";
import type { ChangeContext, ManagementDeps, Versioned } from "./change-context.ts";
import type { Refused } from "./change-robot.ts";
import { changeSystem, refusalOfObject } from "./change-system.ts";
import { findUses } from "./find-uses.ts";
import { objectVersion } from "./object-version.ts";

/** With what makes the first key of a registry that has one of its own. */
export type RegistryDeps = ManagementDeps & Pick<KeyDeps, "ledger" | "maker">;

type Answer<T> = Promise<Result<T, Refused>>;

/** By their service names. */
export function listRegistries({
  directory,
}: Pick<ManagementDeps, "directory">): Answer<readonly Versioned<Registry>[]> {
  return refuseWhenUnavailable(async () => {
    const { registries } = await directory.readSystem();
    const sorted = registries.toSorted((left, right) => (left.service < right.service ? -1 : 1));
    return ok(await Promise.all(sorted.map(versioned)));
  });
}

export function findRegistry(
  { directory }: Pick<ManagementDeps, "directory">,
  service: string,
): Answer<Versioned<Registry>> {
  return refuseWhenUnavailable(async () => {
    const registry = findIn((await directory.readSystem()).registries, service);
    return registry ? ok(await versioned(registry)) : err<Refused>(rejection("registry_unknown", service));
  });
}

/**
 * Registers a registry, or makes the one of that service name what `declared` says. One with a pinned key has that
 * key when this has answered, so that it can be configured before the first push; a crash in between leaves it to
 * the first registry token to make it.
 */
export function putRegistry(
  deps: RegistryDeps,
  declared: DeclaredRegistry,
  context: ChangeContext,
): Answer<Versioned<Registry>> {
  return refuseWhenUnavailable(async () => {
    const put = await changeSystem(deps, context, async ({ registries }) => {
      const old = findIn(registries, declared.service);
      const refusal = await refusalOfObject(context, old);
      if (refusal) return err(refusal);
      const next: Registry = { ...declared, managedBy: API_OWNER };
      const value = await versioned(next);
      if (old && canonicalJson(old) === canonicalJson(next)) return ok({ value });
      const views = [old && auditViewOfRegistry(old), auditViewOfRegistry(next)] as const;
      const changes = [auditChange(`registry ${next.service}`, ...views)];
      return ok({ value, write: { putRegistries: [next], event: { registry: next.service, changes } } });
    });
    if (put.ok && declared.tokenForm === "pinned")
      await makeFirstKey(deps, declared.service, context.requestId);
    return put;
  });
}

/**
 * Removes a registry: it gets no registry tokens from then on. Refused while permissions name it, unless `force`;
 * they stay, and open nothing. Its pinned key stays as well: should it come back, it still knows that one.
 */
export function deleteRegistry(
  deps: ManagementDeps,
  service: string,
  { force }: { readonly force: boolean },
  context: ChangeContext,
): Answer<void> {
  return changeSystem(deps, context, async ({ registries }) => {
    const old = findIn(registries, service);
    if (old === undefined) return err(rejection("registry_unknown", service));
    const refusal = await refusalOfObject(context, old);
    if (refusal) return err(refusal);
    const uses = force
      ? undefined
      : await findUses(
          deps.directory,
          "permissions",
          ({ permissions }) => permissions.filter(({ registry }) => registry === service).length,
        );
    if (uses !== undefined) return err(rejection("in_use", uses));
    const changes = [auditChange(`registry ${service}`, auditViewOfRegistry(old), undefined)];
    return ok({
      value: undefined,
      write: { removeRegistries: [service], event: { registry: service, changes } },
    });
  });
}

/** Gives a registry that pins a key its first one, unless it has one. */
export async function makeFirstKey(deps: RegistryDeps, registry: string, requestId: string): Promise<void> {
  const keys = await deps.directory.readKeys();
  if (activeKey(keys, { use: "pinned", registry })) return;
  await rotateKeys(deps, { use: "pinned", registry, step: "publish" }, requestId);
}

function findIn(registries: readonly Registry[], service: string): Registry | undefined {
  return registries.find((registry) => registry.service === service);
}

async function versioned(registry: Registry): Promise<Versioned<Registry>> {
  return { value: registry, version: await objectVersion(registry) };
}
