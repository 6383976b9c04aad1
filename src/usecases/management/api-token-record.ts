import { type ApiToken, type ApiTokenContent, auditViewOfApiToken } from "../../domain/accounts/api-token.ts";
import { auditChange } from "../../domain/accounts/audit-view.ts";
import { apiTokenId, type Secret } from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";

interface Creation {
  /** Unix milliseconds. */
  readonly at: number;
  readonly seconds: number;
  readonly createdBy: string;
}

/** The record of a new API token. */
export async function newApiToken(
  token: Secret,
  { description, scopes, namespaces, user }: ApiTokenContent,
  { at, seconds, createdBy }: Creation,
): Promise<ApiToken> {
  const createdAt = Math.floor(at / 1000);
  return {
    ...(await apiTokenId(token)),
    description,
    scopes: [...new Set(scopes)],
    namespaces: namespaces === "all" ? namespaces : [...new Set(namespaces)],
    ...(user === undefined ? {} : { user }),
    createdAt,
    expiresAt: createdAt + seconds,
    createdBy,
  };
}

/** The event of an API token that came or went. One that is bound to one namespace is that namespace's to read. */
export function apiTokenEvent(
  kind: "api_token.created" | "api_token.revoked",
  token: ApiToken,
  at: number,
  { requestId, clientAddress, caller }: RequestContext & { readonly caller: { readonly actor: string } },
): AuditEvent {
  const view = auditViewOfApiToken(token);
  const object = `api token ${token.id}`;
  const [only, ...others] = token.namespaces === "all" ? [] : token.namespaces;
  return {
    kind,
    at,
    requestId,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    actor: caller.actor,
    ...(only === undefined || others.length > 0 ? {} : { namespace: only }),
    changes: [
      kind === "api_token.created"
        ? auditChange(object, undefined, view)
        : auditChange(object, view, undefined),
    ],
  };
}
