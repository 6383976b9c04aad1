import { type ApiScope, READING_SCOPES } from "../../domain/access/api-scope.ts";
import { type Caller, isSuperUser, mayAct } from "../../domain/accounts/caller.ts";
import type { Declaration } from "../../domain/accounts/declaration.ts";
import { isAdministrative, type Namespace, type Robot } from "../../domain/accounts/robot.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import type { NamespaceRecordChanges, RecordChange, Step } from "./declaration-steps.ts";
import type { RefusedObject } from "./refused-object.ts";
import { refusalOfForeign } from "./requested-permission.ts";

type Fault = Pick<RefusedObject, "reason" | "sentence">;

/** Whether the caller may read what is in the namespace, so that a plan may show it. */
export function mayRead(caller: Caller, namespace: string): boolean {
  return mayAct(caller, READING_SCOPES, namespace);
}

/** Declared namespaces of which the caller may not even learn whether they are there. */
export function unreadable(caller: Caller, { namespaces }: Declaration): readonly RefusedObject[] {
  return namespaces
    .filter(({ name }) => !mayRead(caller, name))
    .map(({ name }) => ({
      kind: "namespace",
      name,
      ...fault("insufficient_scope", "is not among the API token's"),
    }));
}

/**
 * What of a planned step the caller may not do: the same as over the API's other ways. Issuers and registries are an
 * operator's; a namespace is made by one, and changed by its administrator; of a robot each part has its scope.
 */
export function unauthorized(caller: Caller, { objects, namespace }: Step): readonly RefusedObject[] {
  if (namespace !== undefined) return unauthorizedInNamespace(caller, namespace);
  if (isSuperUser(caller) && !caller.exchanged) return [];
  return objects
    .filter(({ outcome }) => outcome !== "unchanged")
    .map(({ kind, name }) => ({ kind, name, ...fault("insufficient_scope", "needs super:user") }));
}

function unauthorizedInNamespace(caller: Caller, change: NamespaceRecordChanges): readonly RefusedObject[] {
  const { name, robots } = change;
  const own = faultOfNamespace(caller, change);
  const refused = robots.flatMap((robot): RefusedObject[] => {
    const found = faultOfRobot(caller, name, robot);
    return found ? [{ kind: "robot", name: robot.name, ...found }] : [];
  });
  return own === undefined ? refused : [{ kind: "namespace", name, ...own }, ...refused];
}

function faultOfNamespace(
  caller: Caller,
  { name, old, next }: RecordChange<Namespace> & Pick<NamespaceRecordChanges, "name">,
): Fault | undefined {
  if (!differ(old, next)) return undefined;
  const scope = old === undefined ? "super:user" : "org:admin";
  return lacks(caller, scope, name) ?? notForJobs(caller);
}

function faultOfRobot(caller: Caller, namespace: string, change: RecordChange<Robot>): Fault | undefined {
  const { old, next } = change;
  if ([old, next].some((robot) => robot && isAdministrative(robot)) && !isSuperUser(caller)) {
    return fault("administrative_robot", "needs super:user: a rule of it grants API scopes");
  }
  const lacking = scopesFor(change).map((scope) => lacks(caller, scope, namespace));
  return (
    lacking.find((found) => found !== undefined) ??
    faultOfToken(caller, namespace, change) ??
    (next && faultOfReach(caller, old, next))
  );
}

/** What over the API's other ways the parts that differ need. */
function scopesFor({ old, next }: RecordChange<Robot>): readonly ApiScope[] {
  if (next === undefined) return ["robots:write"];
  const parts: readonly (readonly [ApiScope, boolean])[] = [
    ["robots:write", old === undefined || differ(notesOf(old), notesOf(next))],
    ["permissions:write", differ(old?.permissions ?? [], next.permissions)],
    ["rules:write", differ(old?.rules ?? [], next.rules)],
  ];
  return parts.flatMap(([scope, isNeeded]) => (isNeeded ? [scope] : []));
}

/** A declared hash sets or takes away a secret: no job for what an identity token earned. */
function faultOfToken(
  caller: Caller,
  namespace: string,
  { old, next }: RecordChange<Robot>,
): Fault | undefined {
  if (next === undefined || !differ(old?.token, next.token)) return undefined;
  return lacks(caller, "org:admin", namespace, " for its token_hash") ?? notForJobs(caller);
}

/** The catalogue shows every repository's name, whose-ever it is; a permission may be another namespace's. */
function faultOfReach(caller: Caller, old: Robot | undefined, next: Robot): Fault | undefined {
  if (next.catalog && !old?.catalog && !mayAct(caller, ["org:admin"])) {
    return fault("permission_foreign", "needs org:admin of all namespaces for the catalogue");
  }
  const foreign = refusalOfForeign(
    { ...next, permissions: old?.permissions ?? [] },
    next.permissions,
    caller,
  );
  return (
    foreign && fault("permission_foreign", `needs org:admin in ${foreign.detail} for a permission there`)
  );
}

function lacks(caller: Caller, scope: ApiScope, namespace: string, purpose = ""): Fault | undefined {
  if (mayAct(caller, [scope], namespace)) return undefined;
  return fault("insufficient_scope", `needs ${scope}${purpose}`);
}

function notForJobs({ exchanged }: Caller): Fault | undefined {
  return exchanged
    ? fault("insufficient_scope", "is not for an API token that an identity token earned")
    : undefined;
}

function notesOf({ enabled, description, catalog, keylessOnly, metadata, managedBy }: Robot): object {
  return { enabled, description, catalog, keylessOnly, metadata, managedBy };
}

function differ(left: unknown, right: unknown): boolean {
  return canonicalJson({ value: left }) !== canonicalJson({ value: right });
}

function fault(reason: ManagementReason, sentence: string): Fault {
  return { reason, sentence };
}
