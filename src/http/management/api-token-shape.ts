import * as z from "zod";
import { API_SCOPES } from "../../domain/access/api-scope.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import type { ApiTokenRecord } from "../../usecases/management/manage-api-tokens.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

export const scopesField = z.array(z.enum(API_SCOPES));
export const namespacesField = z
  .union([z.array(z.string()), z.literal("all")])
  .meta({ description: "The namespaces that it is bound to, or `all`." });
const user = z.string().optional().meta({ description: "The namespace that `/api/v1/user` stands for." });

export const apiTokenSchema = z
  .object({
    id: z.string(),
    description: z.string(),
    scopes: scopesField,
    namespaces: namespacesField,
    user,
    created_at: wireTimeSchema,
    expires_at: wireTimeSchema,
    created_by: z.string(),
  })
  .meta({ id: "ApiToken" });

export const API_TOKEN_EXAMPLE = {
  id: "00112233445566778899aabbccddeeff",
  description: "applies rules",
  scopes: ["rules:write"],
  namespaces: ["acme"],
  created_at: "2026-03-01T12:00:00.000Z",
  expires_at: "2026-05-30T12:00:00.000Z",
  created_by: "token:ffeeddccbbaa99887766554433221100",
};

export function apiTokenOnTheWire({ createdAt, expiresAt, createdBy, ...token }: ApiTokenRecord) {
  return {
    ...token,
    created_at: wireTime(createdAt),
    expires_at: wireTime(expiresAt),
    created_by: createdBy,
  };
}

export const callerSchema = z
  .object({
    actor: z.string().meta({ description: "The name under which the audit record has its changes." }),
    scopes: scopesField,
    namespaces: namespacesField,
    user,
    exchanged: z.boolean().meta({ description: "Whether an identity token earned it." }),
    expires_at: wireTimeSchema.nullable(),
  })
  .meta({ id: "Caller" });

export const CALLER_EXAMPLE = {
  actor: "token:00112233445566778899aabbccddeeff",
  scopes: ["rules:write"],
  namespaces: ["acme"],
  exchanged: false,
  expires_at: "2026-05-30T12:00:00.000Z",
};

export function callerOnTheWire({ actor, scopes, namespaces, user: name, exchanged, expiresAt }: Caller) {
  const expires = expiresAt === undefined ? null : wireTime(expiresAt);
  return { actor, scopes, namespaces, user: name, exchanged, expires_at: expires };
}
