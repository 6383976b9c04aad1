import { CREDENTIAL_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from "../exchange/token-exchange-request.ts";
import type { OpenApiPaths } from "./openapi-type.ts";

/**
 * The exchange and the registry's token endpoint, as the document describes them. They are plain routes, kept by
 * docs/conformance.md to the RFCs and to the Docker token specification; nothing here is checked against a request.
 */
export const EXCHANGE_PATHS: OpenApiPaths = {
  "/oauth2/token": {
    post: {
      tags: ["exchange"],
      operationId: "exchangeIdentityToken",
      summary: "Exchange an identity token for a registry credential",
      description:
        "RFC 8693. Each identity token is accepted once. A rule that grants API scopes gives an API token instead.",
      security: [],
      requestBody: form({
        grant_type: required(TOKEN_EXCHANGE_GRANT),
        subject_token: required("The identity token, 16 KiB at most."),
        subject_token_type: required("urn:ietf:params:oauth:token-type:id_token, or ...:jwt"),
        robot: required("The robot account: acme+builder"),
        scope: optional("Docker's syntax, several between spaces; narrows. Or API scopes."),
        requested_ttl: optional("Seconds, 300 or more; shortens."),
        retry_key: optional("22 random characters or more: the same request may be sent again with it."),
      }),
      responses: {
        200: json("The credential.", {
          access_token: "brc_07...",
          issued_token_type: CREDENTIAL_TOKEN_TYPE,
          token_type: "N_A",
          expires_in: 3600,
          scope: "repository:acme/app:pull,push",
          username: "acme+builder",
        }),
        ...oauthErrors(400, 413, 415, 429, 503),
      },
    },
  },
  "/oauth2/federation/robot/token": {
    get: {
      tags: ["exchange"],
      operationId: "getRobotFederationToken",
      summary: "Exchange an identity token, as Quay has it",
      description:
        "The robot account is the Basic user name, the identity token the password, 5 KiB at most.",
      security: [{ basic: [] }],
      responses: {
        200: json("The credential.", { token: "brc_07...", expires_in: 3600 }),
        ...oauthErrors(400, 401, 429, 503),
      },
    },
  },
  "/oauth2/revoke": {
    post: {
      tags: ["exchange"],
      operationId: "revokeCredential",
      summary: "End a credential",
      description: "RFC 7009. Who holds it may end it. 200 whether it was known or not.",
      security: [],
      requestBody: form({ token: required("The credential.") }),
      responses: { 200: { description: "It is dead." }, ...oauthErrors(400, 413, 415, 429, 503) },
    },
  },
  "/oauth2/introspect": {
    post: {
      tags: ["exchange"],
      operationId: "introspectToken",
      summary: "Ask whether a token of Berth's is alive",
      description: "RFC 7662. Needs an API token with `tokens:introspect`.",
      security: [{ bearer: [] }],
      requestBody: form({ token: required("Any token of Berth's.") }),
      responses: {
        200: json("Whether it is alive, and whose it is.", { active: false }),
        ...oauthErrors(400, 401, 403, 413, 415, 429, 503),
      },
    },
  },
  "/v2/auth": {
    get: {
      tags: ["registry"],
      operationId: "getRegistryToken",
      summary: "Get a registry token",
      description:
        "The Docker token specification: what a registry's 401 names as its realm. Basic, or anonymous.",
      security: [{ basic: [] }, {}],
      parameters: [
        { name: "service", in: "query", required: true, schema: { type: "string" } },
        { name: "scope", in: "query", description: "May be repeated.", schema: { type: "string" } },
      ],
      responses: registryToken(),
    },
    post: {
      tags: ["registry"],
      operationId: "postRegistryToken",
      summary: "Get a registry token, by form",
      security: [],
      requestBody: form({
        grant_type: required("password"),
        service: required("The registry's service name."),
        username: required("The robot account."),
        password: required("A credential or a robot token."),
        scope: optional("Docker's syntax, several between spaces."),
      }),
      responses: registryToken(413, 415),
    },
  },
};

interface FormField {
  readonly description: string;
  readonly isRequired: boolean;
}

function required(description: string): FormField {
  return { description, isRequired: true };
}

function optional(description: string): FormField {
  return { description, isRequired: false };
}

function form(fields: Readonly<Record<string, FormField>>) {
  const all = Object.entries(fields);
  const properties = all.map(([name, { description }]) => [name, { type: "string" as const, description }]);
  const schema = {
    type: "object" as const,
    properties: Object.fromEntries(properties),
    required: all.filter(([, { isRequired }]) => isRequired).map(([name]) => name),
  };
  return { required: true, content: { "application/x-www-form-urlencoded": { schema } } };
}

function json(description: string, example: object) {
  return { description, content: { "application/json": { schema: { type: "object" as const }, example } } };
}

function oauthErrors(...statuses: readonly number[]) {
  const example = {
    error: "invalid_request",
    error_description: "The request is malformed.",
    reason: "request_malformed",
    request_id: "3q2-7wQ0m1ZkX9aB",
  };
  return Object.fromEntries(statuses.map((status) => [status, json("RFC 6749 §5.2.", example)]));
}

/** @param others Statuses besides those of both methods. */
function registryToken(...others: readonly number[]) {
  const refused = json("Docker's error shape.", { errors: [{ code: "UNAUTHORIZED", message: "..." }] });
  return {
    200: json("The registry token, a JWT.", { token: "eyJ...", access_token: "eyJ...", expires_in: 300 }),
    400: refused,
    401: refused,
    429: refused,
    503: refused,
    ...Object.fromEntries(others.map((status) => [status, refused])),
  };
}
