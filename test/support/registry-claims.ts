import { decodeJwt } from "jose";
import type { RegistryTokenClaims } from "../../src/usecases/key-ports.ts";
import type { Answer } from "./requests.ts";

/** The claims of the registry token in an answer; not verified. Throws when the answer is no token. */
export function claimsOf(answer: Answer): RegistryTokenClaims {
  if (answer.status !== 200) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  return decodeJwt<RegistryTokenClaims>(String(answer.body.token));
}

/** Its `access` as Docker scopes, in their order. */
export function grantedScopes(answer: Answer): readonly string[] {
  return claimsOf(answer).access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(",")}`);
}
