import { auditChange, auditViewOfIssuer } from "../../domain/accounts/audit-view.ts";
import type { DeclaredIssuer } from "../../domain/accounts/declaration.ts";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import { nextIssuer } from "../../domain/accounts/system-plan.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps, Versioned } from "./change-context.ts";
import { drawFrom, type Refused } from "./change-robot.ts";
import { changeSystem, refusalOfObject, type SystemPlan } from "./change-system.ts";
import { findUses } from "./find-uses.ts";
import { objectVersion } from "./object-version.ts";

/** A trusted issuer as it may be shown. */
export type ShownIssuer = Omit<TrustedIssuer, "nonce">;

type Answer<T> = Promise<Result<T, Refused>>;

/** By their URLs. */
export function listIssuers({
  directory,
}: Pick<ManagementDeps, "directory">): Answer<readonly Versioned<ShownIssuer>[]> {
  return refuseWhenUnavailable(async () => {
    const { issuers } = await directory.readSystem();
    const sorted = issuers.toSorted((left, right) => (left.url < right.url ? -1 : 1));
    return ok(await Promise.all(sorted.map(shown)));
  });
}

export function findIssuer(
  { directory }: Pick<ManagementDeps, "directory">,
  url: string,
): Answer<Versioned<ShownIssuer>> {
  return refuseWhenUnavailable(async () => {
    const issuer = findIn((await directory.readSystem()).issuers, url);
    return issuer ? ok(await shown(issuer)) : err<Refused>(rejection("issuer_unknown", url));
  });
}

/**
 * Registers an issuer, or makes the one of that URL what `declared` says. At any change of what it is trusted for,
 * all that was earned under it is dead.
 */
export function putIssuer(
  deps: ManagementDeps,
  declared: DeclaredIssuer,
  context: ChangeContext,
): Answer<Versioned<ShownIssuer>> {
  return changeSystem(deps, context, async ({ issuers }) => {
    const old = findIn(issuers, declared.url);
    const refusal = await refusalOfObject(context, old);
    if (refusal) return err(refusal);
    const next = nextIssuer(declared, old, { owner: API_OWNER, draw: drawFrom(deps.random) });
    return ok(await putting(next, old));
  });
}

/**
 * Disabling an issuer ends all that was earned under it and lets in nobody else. It may be done to one that a file
 * manages, and lasts until that file is applied anew.
 */
export function setIssuerEnabled(
  deps: ManagementDeps,
  url: string,
  enabled: boolean,
  context: ChangeContext,
): Answer<Versioned<ShownIssuer>> {
  return changeSystem(deps, context, async ({ issuers }) => {
    const old = findIn(issuers, url);
    if (old === undefined) return err(rejection("issuer_unknown", url));
    const refusal = await refusalOfObject(context, old, { disables: !enabled });
    if (refusal) return err(refusal);
    const next = nextIssuer({ ...old, enabled }, old, { owner: old.managedBy, draw: drawFrom(deps.random) });
    return ok(await putting(next, old));
  });
}

/**
 * Removes an issuer: nobody is let in by it, and all that was earned under it is dead. Refused while rules name it,
 * unless `force`; they stay, and match nobody. A rule that is written in the same moment may be overlooked.
 */
export function deleteIssuer(
  deps: ManagementDeps,
  url: string,
  { force }: { readonly force: boolean },
  context: ChangeContext,
): Answer<void> {
  return changeSystem(deps, context, async ({ issuers }) => {
    const old = findIn(issuers, url);
    if (old === undefined) return err(rejection("issuer_unknown", url));
    const refusal = await refusalOfObject(context, old);
    if (refusal) return err(refusal);
    const uses = force
      ? undefined
      : await findUses(
          deps.directory,
          "rules",
          ({ rules }) => rules.filter(({ issuer }) => issuer === url).length,
        );
    if (uses !== undefined) return err(rejection("in_use", uses));
    const changes = [auditChange(`issuer ${url}`, auditViewOfIssuer(old), undefined)];
    return ok({ value: undefined, write: { removeIssuers: [url], event: { issuer: url, changes } } });
  });
}

async function putting(
  next: TrustedIssuer,
  old: TrustedIssuer | undefined,
): Promise<SystemPlan<Versioned<ShownIssuer>>> {
  const value = await shown(next);
  if (old && canonicalJson(old) === canonicalJson(next)) return { value };
  const changes = [auditChange(`issuer ${next.url}`, old && auditViewOfIssuer(old), auditViewOfIssuer(next))];
  return { value, write: { putIssuers: [next], event: { issuer: next.url, changes } } };
}

function findIn(issuers: readonly TrustedIssuer[], url: string): TrustedIssuer | undefined {
  return issuers.find((issuer) => issuer.url === url);
}

async function shown(issuer: TrustedIssuer): Promise<Versioned<ShownIssuer>> {
  const { nonce: _, ...value } = issuer;
  return { value, version: await objectVersion(issuer) };
}
