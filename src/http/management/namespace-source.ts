import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { namespaceOfRepository } from "../../domain/access/repository.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";

/**
 * `path`: named there, by itself or as a part of a robot's or a repository's name. `user`: the caller's own. `object`:
 * known when the object is read, so the handler has to check it. `none`: the route is about no namespace.
 */
export type NamespaceKind = "path" | "user" | "object" | "none";

/** How a route finds the namespace in which its caller must hold the route's scopes. */
export interface NamespaceSource<Params, Query, Place> {
  readonly kind: NamespaceKind;
  find(input: {
    readonly params: Params;
    readonly query: Query;
    readonly caller: Caller;
  }): Result<Place, Rejection<"insufficient_scope">>;
}

export const NO_NAMESPACE: NamespaceSource<unknown, unknown, undefined> = {
  kind: "none",
  find: () => ok(undefined),
};

/** The handler has `mayAct` in the object's namespace; before, only that the caller holds a scope anywhere is checked. */
export const NAMESPACE_OF_OBJECT: NamespaceSource<unknown, unknown, undefined> = {
  kind: "object",
  find: () => ok(undefined),
};

/** What `/api/v1/user` stands for. */
export const NAMESPACE_OF_CALLER: NamespaceSource<unknown, unknown, string> = {
  kind: "user",
  find: ({ caller }) =>
    caller.user === undefined
      ? err(rejection("insufficient_scope", "the API token is no user's"))
      : ok(caller.user),
};

export const NAMESPACE_IN_PATH: NamespaceSource<{ readonly namespace: string }, unknown, string> = {
  kind: "path",
  find: ({ params }) => ok(params.namespace),
};

/** Quay's name for it. */
export const ORGANIZATION_IN_PATH: NamespaceSource<{ readonly orgname: string }, unknown, string> = {
  kind: "path",
  find: ({ params }) => ok(params.orgname),
};

export const NAMESPACE_OF_REPOSITORY: NamespaceSource<{ readonly repository: string }, unknown, string> = {
  kind: "path",
  find: ({ params }) => ok(namespaceOfRepository(params.repository)),
};

/** Of a path with a robot's full name, as Quay's paths have it: a robot is a user there. */
export const NAMESPACE_OF_USERNAME: NamespaceSource<{ readonly username: RobotName }, unknown, string> = {
  kind: "path",
  find: ({ params }) => ok(namespaceOfRobot(params.username)),
};
