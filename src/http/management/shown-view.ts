/** Members of an audit view that a file names otherwise, or that stand in the form of its field. */
const FIELDS: Readonly<Record<string, string>> = {
  tokenForm: "token",
  tokenSeconds: "token_seconds",
  anonymousPull: "anonymous_pull",
  maxLifetimeSeconds: "max_lifetime_seconds",
  jwksHosts: "jwks_hosts",
  privateNetwork: "private_network",
  caPem: "ca_pem",
  ttlSeconds: "ttl_seconds",
  apiScopes: "api_scopes",
  keylessOnly: "keyless_only",
  previousToken: "previous_token",
  expiresAt: "expires_at",
  managedBy: "managed_by",
};
/** How old they are is no part of what is declared. */
const LEFT_OUT: readonly string[] = ["createdAt"];
/** Their members are the author's own. */
const AS_WRITTEN: readonly string[] = ["claims", "metadata"];

/** An audit view by the field names of a file. A rule that is yet to be made has no id. */
export function shownView(view: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = Object.entries(view).filter(
    ([name, value]) => !LEFT_OUT.includes(name) && !(name === "id" && value === ""),
  );
  return Object.fromEntries(
    shown.map(([name, value]) => [
      FIELDS[name] ?? name,
      AS_WRITTEN.includes(name) ? value : shownValue(value),
    ]),
  );
}

function shownValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownValue);
  return isView(value) ? shownView(value) : value;
}

function isView(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
