import type { ApiScope } from "../../domain/access/api-scope.ts";
import { type Caller, mayAct } from "../../domain/accounts/caller.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import type { NamespaceKind } from "./namespace-source.ts";
import type { RouteFacts } from "./route-definition.ts";

/**
 * Why `caller` may not use the route in `namespace`; undefined: it may. What depends on the object itself is checked
 * where that is read. Nothing is read before this, so a namespace that is another's answers as one that is not there.
 */
export function authorizationFault(
  caller: Caller,
  { scopes, exchanged }: Pick<RouteFacts, "scopes" | "exchanged">,
  kind: NamespaceKind,
  namespace: string | undefined,
): Rejection<"insufficient_scope"> | undefined {
  if (caller.exchanged && !exchanged) {
    return rejection("insufficient_scope", "not for an API token that an identity token earned");
  }
  if (scopes === "any") return undefined;
  const may = kind === "object" ? mayAnywhere(caller, scopes) : mayAct(caller, scopes, namespace);
  return may ? undefined : rejection("insufficient_scope", `needs ${scopes.join(" or ")}`);
}

function mayAnywhere(caller: Caller, scopes: readonly ApiScope[]): boolean {
  if (caller.namespaces === "all") return mayAct(caller, scopes);
  return mayAct(caller, scopes) || caller.namespaces.some((name) => mayAct(caller, scopes, name));
}
