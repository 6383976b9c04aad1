import { stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";

/** For families whose subject has one spelling: as it stands. */
export function plainSubject(claims: JsonObject): readonly string[] {
  return [stringClaim(claims, "sub") ?? ""];
}
