import * as z from "zod";
import type { Namespace } from "../../domain/accounts/robot.ts";
import { ok } from "../../domain/result.ts";
import {
  createNamespace,
  deleteNamespace,
  findNamespace,
  listNamespaces,
  setNamespaceEnabled,
} from "../../usecases/management/manage-namespaces.ts";
import { defineRoute } from "./define-route.ts";
import { listPage } from "./list-page.ts";
import { NAMESPACE_IN_PATH, NAMESPACE_OF_OBJECT, NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import { namespaceField } from "./path-fields.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import type { ManagementRoute } from "./route-definition.ts";

const KINDS = ["organization", "user"] as const;

const namespaceSchema = z
  .object({
    name: z.string(),
    kind: z.enum(KINDS),
    enabled: z.boolean(),
    managed_by: z.string().meta({ description: "`api`, `file`, or whoever applied it." }),
  })
  .meta({ id: "Namespace" });
const EXAMPLE = { name: "acme", kind: "organization", enabled: true, managed_by: "api" };

function shown({ name, kind, enabled, managedBy }: Namespace) {
  return { name, kind, enabled, managed_by: managedBy };
}

const list = defineRoute({
  method: "get",
  path: "/namespaces",
  tag: "namespaces",
  operationId: "listNamespaces",
  summary: "List the namespaces that the API token is bound to",
  scopes: [...READ_SCOPES, "credentials:revoke", "audit:read"],
  exchanged: true,
  namespace: NAMESPACE_OF_OBJECT,
  params: z.object({}),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "Namespaces by name.",
    schema: z.object({ namespaces: z.array(namespaceSchema), next_page: z.string().optional() }),
    example: { namespaces: [EXAMPLE] },
  },
  errors: [],
  handle: async (deps, { caller, query }) => {
    const listed = await listNamespaces(deps, caller);
    if (!listed.ok) return listed;
    const page = { limit: query.limit, after: query.next_page };
    const { items, next } = listPage(listed.value, ({ name }) => name, page);
    return ok({ body: { namespaces: items.map(shown), ...nextPage(next) } });
  },
});

const create = defineRoute({
  method: "post",
  path: "/namespaces",
  tag: "namespaces",
  operationId: "createNamespace",
  summary: "Create a namespace",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  body: {
    schema: z.strictObject({ name: z.string(), kind: z.enum(KINDS).default("organization") }),
    example: { name: "acme", kind: "organization" },
  },
  success: {
    status: 201,
    description: "The namespace.",
    schema: namespaceSchema,
    example: EXAMPLE,
    hasVersion: true,
  },
  errors: ["name_malformed", "name_taken", "name_reserved", "precondition_failed", "conflict"],
  handle: async (deps, { body, context }) => {
    const created = await createNamespace(deps, body, context);
    return created.ok ? ok({ body: shown(created.value.value), version: created.value.version }) : created;
  },
});

/** What the routes of one namespace share. */
const one = {
  path: "/namespaces/{namespace}",
  tag: "namespaces",
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField }),
} as const;

const get = defineRoute({
  ...one,
  method: "get",
  operationId: "getNamespace",
  summary: "Get a namespace",
  scopes: READ_SCOPES,
  exchanged: true,
  success: {
    status: 200,
    description: "The namespace.",
    schema: namespaceSchema,
    example: EXAMPLE,
    hasVersion: true,
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace }) => {
    const found = await findNamespace(deps, namespace);
    return found.ok ? ok({ body: shown(found.value.value), version: found.value.version }) : found;
  },
});

const update = defineRoute({
  ...one,
  method: "patch",
  operationId: "updateNamespace",
  summary: "Enable or disable a namespace",
  description:
    "Disabling ends all that was earned with its robot accounts. It may be done to one that a file manages, too; enabling may not.",
  scopes: ["org:admin"],
  exchanged: false,
  body: { schema: z.strictObject({ enabled: z.boolean() }), example: { enabled: false } },
  success: {
    status: 200,
    description: "The namespace as it stands now.",
    schema: namespaceSchema,
    example: { ...EXAMPLE, enabled: false },
    hasVersion: true,
  },
  errors: ["namespace_unknown", "managed_elsewhere", "precondition_failed", "conflict"],
  handle: async (deps, { namespace, body, context }) => {
    const changed = await setNamespaceEnabled(deps, namespace, body.enabled, context);
    return changed.ok ? ok({ body: shown(changed.value.value), version: changed.value.version }) : changed;
  },
});

const remove = defineRoute({
  ...one,
  method: "delete",
  operationId: "deleteNamespace",
  summary: "Delete a namespace with its robot accounts",
  description:
    "Ends all that was earned with them. The name stays reserved until `super:user` releases it, since the namespace's images are still in the registries: Berth deletes none.",
  scopes: ["org:admin"],
  exchanged: false,
  success: {
    status: 200,
    description: "It is gone. Its images may still be in these registries.",
    schema: z.object({ name: z.string(), registries: z.array(z.string()) }),
    example: { name: "acme", registries: ["registry.example.com"] },
  },
  errors: [
    "namespace_unknown",
    "managed_elsewhere",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  handle: async (deps, { namespace, context }) => {
    const removed = await deleteNamespace(deps, namespace, context);
    return removed.ok ? ok({ body: { name: namespace, registries: removed.value.registries } }) : removed;
  },
});

export const NAMESPACE_ROUTES: readonly ManagementRoute[] = [list, create, get, update, remove];
