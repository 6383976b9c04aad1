import { stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";

/**
 * For families whose subject has one spelling: as it stands. Undefined where it is not text, and never the empty
 * text, which `**` would take in.
 */
export function plainSubject(claims: JsonObject): readonly string[] | undefined {
  const sub = stringClaim(claims, "sub");
  return sub === undefined ? undefined : [sub];
}
