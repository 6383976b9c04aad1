import * as z from "zod";
import { robotName } from "../../domain/access/names.ts";
import { isCredentialId } from "../../domain/accounts/secret.ts";
import { ok } from "../../domain/result.ts";
import { cutOff } from "../../usecases/management/cut-off.ts";
import { listLiveCredentials } from "../../usecases/management/list-credentials.ts";
import { CREDENTIAL_LIST_EXAMPLE, credentialListSchema, credentialsOnTheWire } from "./credential-shape.ts";
import { defineRoute } from "./define-route.ts";
import { NAMESPACE_IN_PATH, NAMESPACE_OF_OBJECT, NO_NAMESPACE } from "./namespace-source.ts";
import { limitField, nextPageField } from "./paging.ts";
import { namespaceField, robotShortNameField } from "./path-fields.ts";
import { READ_SCOPES } from "./read-scopes.ts";
import type { ManagementRoute, SuccessAnswer } from "./route-definition.ts";
import { withoutUndefined } from "./without-undefined.ts";

const page = { limit: limitField(), next_page: nextPageField };
const success: SuccessAnswer = {
  status: 200,
  description:
    "Credentials whose time is not over, with who earned them, in an order of the store's own. A page may be short, or empty, and not be the last.",
  schema: credentialListSchema,
  example: CREDENTIAL_LIST_EXAMPLE,
};

const listAll = defineRoute({
  method: "get",
  path: "/credentials",
  tag: "credentials",
  operationId: "listCredentials",
  summary: "List the credentials of all namespaces",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  query: z.strictObject(page),
  success,
  errors: [],
  handle: async (deps, { query }) => {
    const { limit, next_page: after } = query;
    const listed = await listLiveCredentials(deps, {}, withoutUndefined({ limit, after }));
    return listed.ok ? ok({ body: credentialsOnTheWire(listed.value) }) : listed;
  },
});

const list = defineRoute({
  method: "get",
  path: "/namespaces/{namespace}/credentials",
  tag: "credentials",
  operationId: "listNamespaceCredentials",
  summary: "List the credentials of a namespace",
  scopes: [...READ_SCOPES, "credentials:revoke", "audit:read"],
  exchanged: false,
  namespace: NAMESPACE_IN_PATH,
  params: z.object({ namespace: namespaceField }),
  query: z.strictObject({
    robot: robotShortNameField.optional().meta({ description: "Those of this robot account alone." }),
    ...page,
  }),
  success,
  errors: ["robot_unknown"],
  namedInBody: ["robot_unknown"],
  handle: async (deps, { namespace, query }) => {
    const { robot, limit, next_page: after } = query;
    const filter = robot === undefined ? { namespace } : { namespace, robot: robotName(namespace, robot) };
    const listed = await listLiveCredentials(deps, filter, withoutUndefined({ limit, after }));
    return listed.ok ? ok({ body: credentialsOnTheWire(listed.value) }) : listed;
  },
});

const revoke = defineRoute({
  method: "delete",
  path: "/credentials/{credential_id}",
  tag: "credentials",
  operationId: "revokeCredentialById",
  summary: "Revoke a credential",
  description:
    "By its id, which stands in the list, in registry tokens (`acme+builder#<id>`), and in the audit record. Whoever holds it may revoke it at `/oauth2/revoke`.",
  scopes: ["credentials:revoke"],
  exchanged: false,
  namespace: NAMESPACE_OF_OBJECT,
  params: z.object({
    credential_id: z
      .string()
      .refine(isCredentialId, "must be two digits of 00 to 63 and 32 lower-case hexadecimal digits")
      .meta({ description: "The credential's id.", examples: ["07abababababababababababababababab"] }),
  }),
  success: { status: 204, description: "It is dead, and may have been before." },
  errors: ["credential_unknown"],
  handle: async (deps, { params, context }) => {
    const ended = await cutOff(deps, { kind: "credential", id: params.credential_id }, context);
    return ended.ok ? ok({}) : ended;
  },
});

export const CREDENTIAL_ROUTES: readonly ManagementRoute[] = [listAll, list, revoke];
