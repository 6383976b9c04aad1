import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { listReservations, releaseNamespace } from "../../usecases/management/manage-namespaces.ts";
import { defineRoute } from "./define-route.ts";
import { listPage } from "./list-page.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import { namespaceField } from "./path-fields.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

const reservedSchema = z.object({
  name: z.string(),
  since: wireTimeSchema.nullable().meta({ description: "Null: before Berth wrote such times down." }),
});

const list = defineRoute({
  method: "get",
  path: "/reserved-names",
  tag: "namespaces",
  operationId: "listReservedNames",
  summary: "List the names of deleted namespaces",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "Names that nobody can take before they are released.",
    schema: z.object({ names: z.array(reservedSchema), next_page: z.string().optional() }),
    example: { names: [{ name: "acme", since: "2026-03-01T12:00:00.000Z" }] },
  },
  errors: [],
  handle: async (deps, { query }) => {
    const listed = await listReservations(deps);
    if (!listed.ok) return listed;
    const page = { limit: query.limit, after: query.next_page };
    const { items, next } = listPage(listed.value, ({ name }) => name, page);
    const names = items.map(({ name, since }) => ({ name, since: since === 0 ? null : wireTime(since) }));
    return ok({ body: { names, ...nextPage(next) } });
  },
});

const release = defineRoute({
  method: "delete",
  path: "/reserved-names/{name}",
  tag: "namespaces",
  operationId: "releaseReservedName",
  summary: "Release the name of a deleted namespace",
  description:
    "Whoever takes the name next has what images are left under it: look into the registries, and delete them there first.",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({ name: namespaceField }),
  success: { status: 204, description: "The name is free." },
  errors: ["reservation_unknown", "in_use"],
  handle: async (deps, { params, context }) => {
    const released = await releaseNamespace(deps, params.name, context);
    return released.ok ? ok({}) : released;
  },
});

export const RESERVED_NAME_ROUTES: readonly ManagementRoute[] = [list, release];
