import { auditChange, auditViewOfNamespace } from "../../domain/accounts/audit-view.ts";
import type { Namespace } from "../../domain/accounts/robot.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps, Versioned } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { MAX_ATTEMPTS, type Refused } from "./change-robot.ts";
import { confirmed, saysGone } from "./confirmed.ts";
import { readNamespacePlace } from "./namespace-place.ts";
import { meetsCondition, objectVersion } from "./object-version.ts";

/**
 * The namespace as it is to be (undefined: gone) from the one that is there (undefined: the name is free), or a
 * refusal. It may be asked more than once, when others write the same namespace.
 */
export type NamespaceEdit<Wanted extends Namespace | undefined> = (
  namespace: Namespace | undefined,
) => Promise<Result<Wanted, Refused>>;

/**
 * The one way by which a namespace itself is made, changed and removed: in one commit with the record of who did it.
 * What is there already is no change, and leaves no record. It is no job for what an identity token earned.
 */
export async function changeNamespace<Wanted extends Namespace | undefined>(
  deps: ManagementDeps,
  name: string,
  context: ChangeContext,
  edit: NamespaceEdit<Wanted>,
): Promise<Result<Wanted, Refused>> {
  if (context.caller.exchanged) return err(rejection("insufficient_scope"));
  return refuseWhenUnavailable<Wanted, Refused["reason"]>(async () => {
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const outcome = await tryChange(deps, name, context, edit);
      if (outcome !== undefined) return outcome;
    }
    return err(rejection("conflict", name));
  });
}

/** Undefined: somebody else wrote in between. */
async function tryChange<Wanted extends Namespace | undefined>(
  deps: ManagementDeps,
  name: string,
  context: ChangeContext,
  edit: NamespaceEdit<Wanted>,
): Promise<Result<Wanted, Refused> | undefined> {
  const place = await readNamespacePlace(deps.directory, name);
  const old = place?.namespace;
  const wanted = await edit(old);
  if (!wanted.ok) return saysGone(wanted.error) ? confirmed(deps.directory, name, wanted) : wanted;
  if (!meetsCondition(context, old && (await objectVersion(old)))) {
    return err(rejection("precondition_failed"));
  }
  if (old && wanted.value && canonicalJson(old) === canonicalJson(wanted.value)) {
    return confirmed(deps.directory, name, wanted);
  }
  const [before, after] = [old, wanted.value].map((one) => one && auditViewOfNamespace(one));
  const outcome = await deps.directory.commitNamespace({
    name,
    fromRevision: place?.revision ?? 0,
    namespace: wanted.value,
    putRobots: [],
    removeRobots: [],
    event: changeEvent(deps, context, {
      kind: "directory.changed",
      namespace: name,
      changes: [auditChange(`namespace ${name}`, before, after)],
    }),
  });
  return outcome === "committed" ? wanted : undefined;
}

export async function versionedNamespace(namespace: Namespace): Promise<Versioned<Namespace>> {
  return { value: namespace, version: await objectVersion(namespace) };
}
