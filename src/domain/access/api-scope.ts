/**
 * What an API token may do. `super:user` is the operator: everything, everywhere. The others act within the
 * namespaces that the token is bound to; `org:admin` is all of them there, whoever may write something may read it.
 */
export const API_SCOPES = [
  "super:user",
  "org:admin",
  "org:read",
  "robots:write",
  "permissions:write",
  "rules:write",
  "credentials:revoke",
  "audit:read",
  "tokens:introspect",
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** Whoever may write something of a namespace may read what is in it. */
export const READING_SCOPES = ["org:read", "robots:write", "permissions:write", "rules:write"] as const;

/** What a federation rule may grant to a CI job: nothing that shows a secret or changes whom Berth trusts. */
export const GRANTABLE_API_SCOPES = ["org:read", "robots:write", "permissions:write", "rules:write"] as const;
export type GrantableApiScope = (typeof GRANTABLE_API_SCOPES)[number];

export function isApiScope(text: string): text is ApiScope {
  return (API_SCOPES as readonly string[]).includes(text);
}
