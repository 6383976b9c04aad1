import * as z from "zod";
import { isSuperUser } from "../../../domain/accounts/caller.ts";
import { rejection } from "../../../domain/rejection.ts";
import { err, ok } from "../../../domain/result.ts";
import {
  createNamespace,
  deleteNamespace,
  findNamespace,
} from "../../../usecases/management/manage-namespaces.ts";
import { defineRoute } from "../define-route.ts";
import { NAMESPACE_OF_CALLER, NO_NAMESPACE } from "../namespace-source.ts";
import { namespaceField } from "../path-fields.ts";
import type { ManagementRoute } from "../route-definition.ts";

const EXAMPLE = {
  anonymous: false,
  username: "alice",
  email: "",
  verified: true,
  is_me: true,
  super_user: false,
};

const get = defineRoute({
  method: "get",
  path: "/user/",
  tag: "users",
  operationId: "getLoggedInUser",
  summary: "Get the current user",
  description: "The user whose namespace the API token names: what /user stands for in the other paths.",
  scopes: "any",
  exchanged: false,
  namespace: NAMESPACE_OF_CALLER,
  params: z.object({}),
  success: {
    status: 200,
    description: "The user. Berth has no mail addresses.",
    schema: z.object({
      anonymous: z.literal(false),
      username: z.string(),
      email: z.literal(""),
      verified: z.literal(true),
      is_me: z.literal(true),
      super_user: z.boolean(),
    }),
    example: EXAMPLE,
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace, caller }) => {
    const found = await findNamespace(deps, namespace);
    if (!found.ok) return found;
    return ok({ body: { ...EXAMPLE, username: namespace, super_user: isSuperUser(caller) } });
  },
});

const create = defineRoute({
  method: "post",
  path: "/superuser/users/",
  tag: "users",
  operationId: "createInstallUser",
  summary: "Create a user's namespace",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  body: { schema: z.object({ username: z.string() }), example: { username: "alice" } },
  success: {
    status: 200,
    description: "It is there. Nobody signs in to Berth by password, so none is made.",
    schema: z.object({ username: z.string(), email: z.literal("") }),
    example: { username: "alice", email: "" },
  },
  errors: ["request_malformed", "name_malformed", "name_taken", "name_reserved", "conflict"],
  handle: async (deps, { body, context }) => {
    const created = await createNamespace(deps, { name: body.username, kind: "user" }, context);
    return created.ok ? ok({ body: { username: body.username, email: "" } }) : created;
  },
});

const remove = defineRoute({
  method: "delete",
  path: "/superuser/users/{username}",
  tag: "users",
  operationId: "deleteInstallUser",
  summary: "Delete a user's namespace with its robot accounts",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({ username: namespaceField }),
  success: { status: 204, description: "It is gone; its name stays reserved until it is released." },
  errors: ["namespace_unknown", "managed_elsewhere", "precondition_failed", "conflict"],
  handle: async (deps, { params, context }) => {
    const found = await findNamespace(deps, params.username);
    if (!found.ok) return found;
    if (found.value.value.kind !== "user")
      return err(rejection("namespace_unknown", "it is an organization"));
    const removed = await deleteNamespace(deps, params.username, context);
    return removed.ok ? ok({}) : removed;
  },
});

export const USER_ROUTES: readonly ManagementRoute[] = [get, create, remove];
