import type { webcrypto } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { decodeBase64url } from "../../domain/identity/base64url.ts";

/** ES256 (RFC 7518 §3.4): the one algorithm that every supported registry verifies. */
export const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A new P-256 key pair. */
export interface KeyPair {
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  readonly publicJwk: PublicJwk;
  /** The private key in PKCS #8, DER. */
  readonly pkcs8: Uint8Array;
}

/** RFC 7517, with what RFC 7638 takes the thumbprint of and no more. */
interface PublicJwk extends Readonly<Record<string, string>> {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  /** RFC 7638 thumbprint, SHA-256, base64url. */
  readonly kid: string;
}

/** @param draw Generates a pair that can be exported. */
export async function generateKeyPair(draw = drawPair): Promise<KeyPair> {
  for (;;) {
    const pair = await draw();
    const publicJwk = await exportPublicJwk(pair.publicKey);
    if (hasLeadingZero(publicJwk)) continue;
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
    return { privateKey: pair.privateKey, publicKey: pair.publicKey, publicJwk, pkcs8 };
  }
}

function drawPair(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
}

async function exportPublicJwk(key: webcrypto.CryptoKey): Promise<PublicJwk> {
  const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", key);
  const jwk = { kty: "EC", crv: "P-256", x, y } as const;
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}

/**
 * Distribution 3.1 drops leading zeros of a coordinate before it hashes, so for one key in 128 its key id is not
 * the thumbprint of RFC 7638, and it would refuse every token of that key.
 */
function hasLeadingZero({ x, y }: PublicJwk): boolean {
  return [x, y].some((coordinate) => decodeBase64url(coordinate)?.[0] === 0);
}
