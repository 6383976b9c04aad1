import { comparableClaim } from "./claims.ts";
import type { NamedClaim, Profile } from "./profiles/profile.ts";
import type { JsonObject } from "./strict-json.ts";

/** What is looked at of a claim: issuers bound theirs far below, and a key is not for as much as anyone sends. */
const MAX_VALUE = 255;

/**
 * The tenant of a verified token by its own word: every id of a tenant that its family's tokens have, together; where
 * it has none, the names; where the family knows none, the subject. So a repository that does something over and over
 * is not its owner's every other one, and nobody is ever the whole of an issuer.
 *
 * Says nothing of rules: unlike `namedTenant`, it needs no record, and tells nothing of any.
 */
export function tenantOfToken(claims: JsonObject, { tenants }: Profile): string {
  const ids = valuesOf(
    claims,
    tenants.filter(({ id }) => id === undefined),
  );
  const named = ids.length > 0 ? ids : valuesOf(claims, tenants);
  return named.length > 0 ? named.join(" ") : `sub=${bounded(claims, "sub") ?? ""}`;
}

function valuesOf(claims: JsonObject, tenants: readonly NamedClaim[]): readonly string[] {
  return tenants.flatMap(({ claim }) => {
    const value = bounded(claims, claim);
    return value === undefined ? [] : [`${claim}=${value}`];
  });
}

function bounded(claims: JsonObject, claim: string): string | undefined {
  return comparableClaim(claims, claim)?.slice(0, MAX_VALUE);
}
