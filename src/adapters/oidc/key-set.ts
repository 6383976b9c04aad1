import type { webcrypto } from "node:crypto";
import * as z from "zod";
import type { Algorithm } from "../../domain/identity/issuer.ts";
import type { CheckedHeader } from "../../domain/identity/token-header-check.ts";
import { FetchFault } from "./fetch-fault.ts";
import { type KeySkipReason, type PublicKey, parsePublicKey } from "./public-key.ts";

const MAX_KEYS = 100;
/** Keys under one id that are tried for one token: a bound on the work that an invented token causes. */
const MAX_KEYS_OF_ONE_ID = 4;

const JWK_SET = z.object({ keys: z.array(z.unknown()) });

/** The keys of an issuer that can be used. Never empty. */
export class KeySet {
  readonly #keys: readonly PublicKey[];

  constructor(keys: readonly PublicKey[]) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#keys.length;
  }

  /**
   * The keys that may have signed a token with this header. By key id there is one, or a few of an issuer that
   * rotates under one id. Without an id on either side there must be just one key that fits: a guess among
   * several would let a retired or foreign-purpose key in.
   */
  candidates({ algorithm, keyId }: CheckedHeader): readonly webcrypto.CryptoKey[] {
    const fitting = this.#keys.filter((key) => key.byAlgorithm.has(algorithm));
    const named = fitting.filter((key) => keyId !== undefined && key.keyId === keyId);
    const [only, ...others] = fitting;
    const isOnly = others.length === 0 && (keyId === undefined || only?.keyId === undefined);
    const chosen = named.length === 0 && isOnly ? fitting : named;
    return chosen.flatMap((key) => key.byAlgorithm.get(algorithm) ?? []);
  }
}

/**
 * Reads a JWK Set (RFC 7517 §5). A key that cannot be used is skipped and told to `skip`; a set in which nothing
 * can be used is a FetchFault, so that it never takes the place of a good one.
 */
export async function parseKeySet(
  text: Uint8Array | string,
  algorithms: readonly Algorithm[],
  skip: (keyId: string | undefined, reason: KeySkipReason) => void,
): Promise<KeySet> {
  const members = parseMembers(text);
  const usable: PublicKey[] = [];
  for (const member of members) {
    const key = await parsePublicKey(member, algorithms);
    if (!key.ok) skip(keyIdOf(member), key.error);
    else if (isCrowded(usable, key.value.keyId)) skip(key.value.keyId, "key_id_crowded");
    else usable.push(key.value);
  }
  if (usable.length === 0) throw new FetchFault("no_usable_keys");
  return new KeySet(usable);
}

function parseMembers(text: Uint8Array | string): readonly unknown[] {
  const parsed = JWK_SET.safeParse(parseJson(text));
  if (!parsed.success) throw new FetchFault("key_set_malformed");
  if (parsed.data.keys.length > MAX_KEYS) throw new FetchFault("too_many_keys");
  return parsed.data.keys;
}

function parseJson(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(
      typeof text === "string" ? text : new TextDecoder("utf-8", { fatal: true }).decode(text),
    );
  } catch {
    // A SyntaxError quotes the document, a TypeError is not UTF-8: neither has a code, nor needs one.
    return undefined;
  }
}

function isCrowded(usable: readonly PublicKey[], keyId: string | undefined): boolean {
  return keyId !== undefined && usable.filter((key) => key.keyId === keyId).length >= MAX_KEYS_OF_ONE_ID;
}

/** For the log: what the issuer wrote, cut to what a key id may have. */
function keyIdOf(member: unknown): string | undefined {
  const named = z.object({ kid: z.string() }).safeParse(member);
  return named.success ? named.data.kid.slice(0, 256) : undefined;
}
