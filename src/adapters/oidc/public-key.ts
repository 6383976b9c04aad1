import type { webcrypto } from "node:crypto";
import { importJWK } from "jose";
import * as z from "zod";
import { decodeBase64url } from "../../domain/identity/base64url.ts";
import type { Algorithm } from "../../domain/identity/issuer.ts";
import { err, ok, type Result } from "../../domain/result.ts";

/** Why a key of a published set is not used. The others of the set are. */
export type KeySkipReason =
  | "key_malformed"
  /** Its private half was published, so anybody may sign with it. */
  | "key_private"
  /** A shared secret: whoever can verify with it can sign. */
  | "key_symmetric"
  /** `use` or `key_ops` say that it is for something else. */
  | "key_not_for_signatures"
  /** It fits none of the algorithms that the issuer is registered with. */
  | "key_without_algorithm"
  /** RSA of less than 2,048 bits, or with an exponent of no use. */
  | "key_weak"
  /** More keys under one id than are tried for one token. */
  | "key_id_crowded";

/** A key that can verify, ready for each algorithm that it and its issuer agree on. */
export interface PublicKey {
  readonly keyId: string | undefined;
  readonly byAlgorithm: ReadonlyMap<Algorithm, webcrypto.CryptoKey>;
}

/** RFC 7518 §6, the public parts: all that is imported. */
const KEY_MATERIAL = z.object({
  kty: z.string(),
  crv: z.string().exactOptional(),
  n: z.string().exactOptional(),
  e: z.string().exactOptional(),
  x: z.string().exactOptional(),
  y: z.string().exactOptional(),
});
/** RFC 7517 §4; the rest (`x5c`, `x5u`, …) is left out, since nothing rests on it. */
const JWK = KEY_MATERIAL.extend({
  kid: z.string().min(1).max(256).exactOptional(),
  alg: z.string().exactOptional(),
  use: z.string().exactOptional(),
  key_ops: z.array(z.string()).exactOptional(),
});
type Jwk = z.infer<typeof JWK>;

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

const KEY_TYPES: Readonly<Record<Algorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
};

/** NIST SP 800-131A; above the upper bound a verification takes long enough to be an attack. */
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
const MAX_EXPONENT_BITS = 64;

/**
 * Checks one member of a key set and imports it.
 *
 * @param algorithms Those of the issuer: a key's own `alg` narrows them, and never adds to them.
 */
export async function parsePublicKey(
  member: unknown,
  algorithms: readonly Algorithm[],
): Promise<Result<PublicKey, KeySkipReason>> {
  const parsed = JWK.safeParse(member);
  if (!parsed.success) return err("key_malformed");
  const jwk = parsed.data;
  if (jwk.kty === "oct") return err("key_symmetric");
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(Object(member), name))) return err("key_private");
  if (!isForSignatures(jwk)) return err("key_not_for_signatures");
  const fitting = algorithms.filter((algorithm) => fits(jwk, algorithm));
  if (fitting.length === 0) return err("key_without_algorithm");
  if (jwk.kty === "RSA" && !isStrongRsa(jwk)) return err("key_weak");
  return importFor(jwk, fitting);
}

function isForSignatures({ use, key_ops }: Jwk): boolean {
  return (use === undefined || use === "sig") && (key_ops === undefined || key_ops.includes("verify"));
}

function fits(jwk: Jwk, algorithm: Algorithm): boolean {
  const { kty, crv } = KEY_TYPES[algorithm];
  return jwk.kty === kty && (crv === undefined || jwk.crv === crv) && (jwk.alg ?? algorithm) === algorithm;
}

function isStrongRsa({ n = "", e = "" }: Jwk): boolean {
  const bits = bitLength(n);
  // An even exponent has no inverse, and one of 1 is no signature at all.
  const isOdd = ((decodeBase64url(e)?.at(-1) ?? 0) & 1) === 1;
  const exponentBits = bitLength(e);
  return (
    bits >= MIN_RSA_BITS &&
    bits <= MAX_RSA_BITS &&
    isOdd &&
    exponentBits > 1 &&
    exponentBits <= MAX_EXPONENT_BITS
  );
}

/** Of a number in base64url; Jenkins writes a leading zero octet, which does not count. */
function bitLength(text: string): number {
  const bytes = decodeBase64url(text) ?? new Uint8Array();
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}

async function importFor(
  jwk: Jwk,
  algorithms: readonly Algorithm[],
): Promise<Result<PublicKey, KeySkipReason>> {
  const byAlgorithm = new Map<Algorithm, webcrypto.CryptoKey>();
  try {
    for (const algorithm of algorithms) {
      const key = await importJWK(KEY_MATERIAL.parse(jwk), algorithm);
      if (!(key instanceof Uint8Array)) byAlgorithm.set(algorithm, key);
    }
  } catch {
    // Whatever WebCrypto has against it (a point off the curve, a missing member), it is the issuer's mistake.
    return err("key_malformed");
  }
  return ok({ keyId: jwk.kid, byAlgorithm });
}
