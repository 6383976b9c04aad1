import * as z from "zod";
import { MAX_API_TOKEN_SECONDS, MIN_API_TOKEN_SECONDS } from "../../domain/accounts/api-token.ts";
import { ok } from "../../domain/result.ts";
import {
  createApiToken,
  listApiTokens,
  revokeApiToken,
} from "../../usecases/management/manage-api-tokens.ts";
import {
  API_TOKEN_EXAMPLE,
  apiTokenOnTheWire,
  apiTokenSchema,
  CALLER_EXAMPLE,
  callerOnTheWire,
  callerSchema,
  namespacesField,
  scopesField,
} from "./api-token-shape.ts";
import { defineRoute } from "./define-route.ts";
import { listPage } from "./list-page.ts";
import { NAMESPACE_OF_OBJECT, NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPage, nextPageField } from "./paging.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { withoutUndefined } from "./without-undefined.ts";

const list = defineRoute({
  method: "get",
  path: "/tokens",
  tag: "api-tokens",
  operationId: "listApiTokens",
  summary: "List the API tokens",
  description: "Those that identity tokens earned are among the credentials.",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: z.strictObject({ limit: limitField(), next_page: nextPageField }),
  success: {
    status: 200,
    description: "API tokens by the time of their creation.",
    schema: z.object({ tokens: z.array(apiTokenSchema), next_page: z.string().optional() }),
    example: { tokens: [API_TOKEN_EXAMPLE] },
  },
  errors: [],
  handle: async (deps, { caller, query }) => {
    const listed = await listApiTokens(deps, caller);
    if (!listed.ok) return listed;
    const page = { limit: query.limit, after: query.next_page };
    const keyOf = ({ createdAt, id }: { createdAt: number; id: string }) =>
      `${String(createdAt).padStart(12, "0")} ${id}`;
    const { items, next } = listPage(listed.value, keyOf, page);
    return ok({ body: { tokens: items.map(apiTokenOnTheWire), ...nextPage(next) } });
  },
});

const create = defineRoute({
  method: "post",
  path: "/tokens",
  tag: "api-tokens",
  operationId: "createApiToken",
  summary: "Create an API token",
  description:
    "An operator makes any. The administrator of namespaces makes ones for these, with no scope and no lifetime that their own token lacks.",
  scopes: ["org:admin"],
  exchanged: false,
  namespace: NAMESPACE_OF_OBJECT,
  params: z.object({}),
  body: {
    schema: z.strictObject({
      description: z.string().default(""),
      scopes: scopesField,
      namespaces: namespacesField,
      user: z.string().optional(),
      expires_in: z
        .int()
        .min(MIN_API_TOKEN_SECONDS)
        .max(MAX_API_TOKEN_SECONDS)
        .optional()
        .meta({ description: "Lifetime in seconds. 90 days unless it says otherwise." }),
    }),
    example: { description: "applies rules", scopes: ["rules:write"], namespaces: ["acme"] },
  },
  success: {
    status: 201,
    description: "The API token, which is not shown again.",
    schema: apiTokenSchema.extend({ token: z.string() }).meta({ id: "NewApiToken" }),
    example: {
      ...API_TOKEN_EXAMPLE,
      token: "bra_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgXXXXXX",
    },
  },
  errors: ["conflict"],
  handle: async (deps, { body, context }) => {
    const { expires_in: expiresInSeconds, ...content } = body;
    const made = await createApiToken(deps, withoutUndefined({ ...content, expiresInSeconds }), context);
    if (!made.ok) return made;
    const { record, token } = made.value;
    return ok({ body: { ...apiTokenOnTheWire(record), token: token.expose() } });
  },
});

const self = defineRoute({
  method: "get",
  path: "/tokens/self",
  tag: "api-tokens",
  operationId: "getOwnApiToken",
  summary: "Say what the API token that is shown may do",
  scopes: "any",
  exchanged: true,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  success: {
    status: 200,
    description: "Who asks.",
    schema: callerSchema,
    example: CALLER_EXAMPLE,
  },
  errors: [],
  handle: async (_, { caller }) => ok({ body: callerOnTheWire(caller) }),
});

const revoke = defineRoute({
  method: "delete",
  path: "/tokens/{token_id}",
  tag: "api-tokens",
  operationId: "revokeApiToken",
  summary: "Revoke an API token",
  description: "An operator any; others their own, and those that they created.",
  scopes: "any",
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({
    token_id: z
      .string()
      .regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits")
      .meta({ description: "The API token's id.", examples: ["00112233445566778899aabbccddeeff"] }),
  }),
  success: { status: 204, description: "It is dead." },
  errors: ["api_token_unknown"],
  handle: async (deps, { params, context }) => {
    const revoked = await revokeApiToken(deps, params.token_id, context);
    return revoked.ok ? ok({}) : revoked;
  },
});

export const API_TOKEN_ROUTES: readonly ManagementRoute[] = [list, create, self, revoke];
