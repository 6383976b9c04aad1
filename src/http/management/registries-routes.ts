import * as z from "zod";
import { registrySchema } from "../../config/declaration-schema.ts";
import { type Registry, TOKEN_FORMS } from "../../domain/access/registry.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import { ok } from "../../domain/result.ts";
import {
  deleteRegistry,
  findRegistry,
  listRegistries,
  putRegistry,
} from "../../usecases/management/manage-registries.ts";
import { defineRoute } from "./define-route.ts";
import { forceQuery } from "./force-query.ts";
import { listPage } from "./list-page.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";

const CHANGE_ERRORS: readonly ManagementReason[] = ["managed_elsewhere", "precondition_failed", "conflict"];

const registryAnswerSchema = z
  .object({
    service: z.string(),
    managed_by: z.string(),
    registry: z
      .object({
        url: z.string(),
        token: z.enum(TOKEN_FORMS),
        token_seconds: z.int(),
        anonymous_pull: z.array(z.string()),
      })
      .meta({ description: "In the form in which it may be sent back." }),
  })
  .meta({ id: "Registry" });
const CONTENT_EXAMPLE = {
  url: "https://registry.example.com",
  token: "x5c",
  token_seconds: 300,
  anonymous_pull: [],
};
const EXAMPLE = { service: "registry.example.com", managed_by: "api", registry: CONTENT_EXAMPLE };

function shown({ service, managedBy, url, tokenForm, tokenSeconds, anonymousPull }: Registry) {
  return {
    service,
    managed_by: managedBy,
    registry: { url, token: tokenForm, token_seconds: tokenSeconds, anonymous_pull: anonymousPull },
  };
}

const list = defineRoute({
  method: "get",
  path: "/registries",
  tag: "registries",
  operationId: "listRegistries",
  summary: "List the registries",
  scopes: "any",
  exchanged: true,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "Registries by their service names.",
    schema: z.object({ registries: z.array(registryAnswerSchema), next_page: z.string().optional() }),
    example: { registries: [EXAMPLE] },
  },
  errors: [],
  handle: async (deps, { query }) => {
    const listed = await listRegistries(deps);
    if (!listed.ok) return listed;
    const registries = listed.value.map(({ value }) => value);
    const page = { limit: query.limit, after: query.next_page };
    const { items, next } = listPage(registries, ({ service }) => service, page);
    return ok({ body: { registries: items.map(shown), ...nextPage(next) } });
  },
});

const one = {
  path: "/registries/{service}",
  tag: "registries",
  namespace: NO_NAMESPACE,
  params: z.object({
    service: registrySchema.shape.service.meta({
      description: "The registry's service name, percent-encoded.",
      examples: ["registry.example.com"],
    }),
  }),
} as const;
const success: SuccessAnswer = {
  status: 200,
  description: "The registry as it stands now.",
  schema: registryAnswerSchema,
  example: EXAMPLE,
  hasVersion: true,
};

const get = defineRoute({
  ...one,
  method: "get",
  operationId: "getRegistry",
  summary: "Get a registry",
  scopes: "any",
  exchanged: true,
  success,
  errors: ["registry_unknown"],
  handle: async (deps, { params }) => {
    const found = await findRegistry(deps, params.service);
    return found.ok ? ok({ body: shown(found.value.value), version: found.value.version }) : found;
  },
});

const put = defineRoute({
  ...one,
  method: "put",
  operationId: "putRegistry",
  summary: "Register a registry, or change one",
  description:
    "In the form that a declaration file has. One with a `pinned` key has that key when this has answered.",
  scopes: ["super:user"],
  exchanged: false,
  body: { schema: registrySchema.omit({ service: true }), example: CONTENT_EXAMPLE },
  success,
  errors: CHANGE_ERRORS,
  handle: async (deps, { params, body, context }) => {
    const { url, token: tokenForm, token_seconds: tokenSeconds, anonymous_pull: anonymousPull } = body;
    const registry = { service: params.service, url, tokenForm, tokenSeconds, anonymousPull };
    const saved = await putRegistry(deps, registry, context);
    return saved.ok ? ok({ body: shown(saved.value.value), version: saved.value.version }) : saved;
  },
});

const remove = defineRoute({
  ...one,
  method: "delete",
  operationId: "deleteRegistry",
  summary: "Remove a registry",
  description: "Refused while permissions name it, unless forced. It gets no registry tokens from then on.",
  scopes: ["super:user"],
  exchanged: false,
  query: forceQuery,
  success: { status: 204, description: "It is gone." },
  errors: ["registry_unknown", "in_use", ...CHANGE_ERRORS],
  handle: async (deps, { params, query, context }) => {
    const removed = await deleteRegistry(deps, params.service, query, context);
    return removed.ok ? ok({}) : removed;
  },
});

export const REGISTRY_ROUTES: readonly ManagementRoute[] = [list, get, put, remove];
