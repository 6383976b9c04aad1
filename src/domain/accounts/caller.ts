import type { ApiScope } from "../access/api-scope.ts";

/** Who asks the management API for something: an API token, one that a CI job earned, or the host's operator. */
export interface Caller {
  /** For the audit record: `token:<id>`, `acme+deployer#<credential id>`, `operator`. */
  readonly actor: string;
  readonly scopes: readonly ApiScope[];
  readonly namespaces: readonly string[] | "all";
  /** The user namespace that `/api/v1/user` stands for. */
  readonly user?: string;
  /** Whether an identity token earned it: then it reaches no secret and no robot that grants API scopes. */
  readonly exchanged: boolean;
  /** Unix seconds; absent: no end. What it creates for itself or others may live no longer. */
  readonly expiresAt?: number;
}

/** The operator of the host, who can read the store's file anyway: the command line without a server. */
export const HOST_OPERATOR: Caller = {
  actor: "operator",
  scopes: ["super:user"],
  namespaces: "all",
  exchanged: false,
};

export function isSuperUser(caller: Caller): boolean {
  return caller.scopes.includes("super:user");
}

/** Scopes that are about namespaces and so come with `org:admin` there. */
const OUTSIDE_ORG_ADMIN: readonly ApiScope[] = ["super:user", "tokens:introspect"];

/**
 * Whether `caller` may do in `namespace` (undefined: in none, but for all) what any one of `scopes` allows.
 * An operator may everything; a scope reaches no further than the namespaces that the caller is bound to.
 */
export function mayAct(caller: Caller, scopes: readonly ApiScope[], namespace?: string): boolean {
  if (isSuperUser(caller)) return true;
  if (namespace === undefined ? caller.namespaces !== "all" : !isBoundTo(caller, namespace)) return false;
  return scopes.some((scope) => holds(caller, scope));
}

function holds(caller: Caller, scope: ApiScope): boolean {
  if (caller.scopes.includes(scope)) return true;
  return caller.scopes.includes("org:admin") && !OUTSIDE_ORG_ADMIN.includes(scope);
}

export function isBoundTo(caller: Caller, namespace: string): boolean {
  return caller.namespaces === "all" || caller.namespaces.includes(namespace);
}
