import { canonicalJson } from "../../domain/canonical-json.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { ChangeContext } from "./change-context.ts";

/**
 * What tells an object from what it was before, for a strong ETag (RFC 9110 §8.8.3): 128 bits of a hash of its
 * record. The record's nonce is in it, so a cut-off changes it too; nothing of the record can be read out of it.
 */
export async function objectVersion(record: object): Promise<string> {
  return (await sha256Hex(canonicalJson(record))).slice(0, 32);
}

/**
 * Whether the object is what the caller's If-Match says (RFC 9110 §13.1.1); `*` asks only that there is one.
 *
 * @param version Undefined: there is none.
 */
export function meetsCondition({ ifMatch }: ChangeContext, version: string | undefined): boolean {
  if (ifMatch === undefined) return true;
  return ifMatch === "*" ? version !== undefined : ifMatch === version;
}
