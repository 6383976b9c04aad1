import * as z from "zod";
import { mayAct } from "../../../domain/accounts/caller.ts";
import { rejection } from "../../../domain/rejection.ts";
import { err, ok } from "../../../domain/result.ts";
import {
  createNamespace,
  deleteNamespace,
  findNamespace,
} from "../../../usecases/management/manage-namespaces.ts";
import { defineRoute } from "../define-route.ts";
import { NO_NAMESPACE, ORGANIZATION_IN_PATH } from "../namespace-source.ts";
import { namespaceField } from "../path-fields.ts";
import { READ_SCOPES } from "../read-scopes.ts";
import type { ManagementRoute } from "../route-definition.ts";

const params = z.object({ orgname: namespaceField });
const organization = z.object({
  name: z.string(),
  email: z.literal(""),
  is_admin: z.boolean(),
  is_member: z.boolean(),
});

const create = defineRoute({
  method: "post",
  path: "/organization/",
  tag: "organizations",
  operationId: "createOrganization",
  summary: "Create an organization",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  body: { schema: z.object({ name: z.string() }), example: { name: "acme", email: "ci@example.com" } },
  success: { status: 201, description: "It is there.", schema: z.literal("Created"), example: "Created" },
  errors: ["request_malformed", "name_malformed", "name_taken", "name_reserved", "conflict"],
  handle: async (deps, { body, context }) => {
    const created = await createNamespace(deps, { name: body.name, kind: "organization" }, context);
    return created.ok ? ok({ body: "Created" }) : created;
  },
});

const get = defineRoute({
  method: "get",
  path: "/organization/{orgname}",
  tag: "organizations",
  operationId: "getOrganization",
  summary: "Get an organization",
  scopes: READ_SCOPES,
  exchanged: true,
  namespace: ORGANIZATION_IN_PATH,
  params,
  success: {
    status: 200,
    description: "The organization. Berth has no mail addresses and no teams.",
    schema: organization,
    example: { name: "acme", email: "", is_admin: true, is_member: true },
    hasVersion: true,
  },
  errors: ["namespace_unknown"],
  handle: async (deps, { namespace, caller }) => {
    const found = await findNamespace(deps, namespace);
    if (!found.ok) return found;
    const { value, version } = found.value;
    if (value.kind !== "organization") return err(rejection("namespace_unknown", "it is a user's"));
    const isAdmin = mayAct(caller, ["org:admin"], namespace);
    return ok({ body: { name: value.name, email: "", is_admin: isAdmin, is_member: true }, version });
  },
});

const remove = defineRoute({
  method: "delete",
  path: "/organization/{orgname}",
  tag: "organizations",
  operationId: "deleteOrganization",
  summary: "Delete an organization with its robot accounts",
  description:
    "Every credential of its robots is dead at once. Its name stays reserved until super:user releases it: its images are still in the registries.",
  scopes: ["org:admin"],
  exchanged: false,
  namespace: ORGANIZATION_IN_PATH,
  params,
  success: { status: 204, description: "It is gone." },
  errors: [
    "namespace_unknown",
    "managed_elsewhere",
    "administrative_robot",
    "precondition_failed",
    "conflict",
  ],
  handle: async (deps, { namespace, context }) => {
    const removed = await deleteNamespace(deps, namespace, context);
    return removed.ok ? ok({}) : removed;
  },
});

export const ORGANIZATION_ROUTES: readonly ManagementRoute[] = [create, get, remove];
