import type { RegistryTokenClaims } from "../../usecases/key-ports.ts";

/** The payload of a registry token: in the order of the type, and nothing that a caller's object may carry besides. */
export function serialiseClaims({ iss, sub, aud, exp, nbf, iat, jti, access }: RegistryTokenClaims): string {
  const entries = access.map(({ type, name, actions }) => ({ type, name, actions }));
  return JSON.stringify({ iss, sub, aud, exp, nbf, iat, jti, access: entries });
}
