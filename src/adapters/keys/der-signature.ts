/** Half of an ES256 signature: a number of 256 bits. */
const HALF_BYTES = 32;
const SIGNATURE_BYTES = 2 * HALF_BYTES;

/**
 * An ECDSA signature over P-256 from ASN.1 DER (RFC 3279 §2.2.3: SEQUENCE of two INTEGERs) to the fixed
 * `r || s` of ES256 (RFC 7518 §3.4).
 *
 * DER drops leading zeros of a number and adds one where the first bit is set: a half is 1 to 33 bytes there, and
 * 32 here. Lengths are single bytes: the whole is under 128. For what OpenSSL made, not for what came from outside.
 */
export function derToRawSignature(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(SIGNATURE_BYTES);
  const rEnd = 4 + (der[3] ?? 0);
  placeNumber(raw, HALF_BYTES, der.subarray(4, rEnd));
  placeNumber(raw, SIGNATURE_BYTES, der.subarray(rEnd + 2));
  return raw;
}

/** Writes `number` so that it ends before `end`. */
function placeNumber(raw: Uint8Array, end: number, number: Uint8Array): void {
  const digits = number.length > HALF_BYTES ? number.subarray(number.length - HALF_BYTES) : number;
  raw.set(digits, end - digits.length);
}
