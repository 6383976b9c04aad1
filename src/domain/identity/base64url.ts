const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CHARACTERS = /^[A-Za-z0-9_-]*$/;

/**
 * Whether `text` is the one spelling of its bytes in base64url (RFC 7515 §2): no padding, no white space, and
 * no bits beyond the last byte. A second spelling of an identity token would be a second use of it.
 */
export function isCanonicalBase64url(text: string): boolean {
  if (!CHARACTERS.test(text) || text.length % 4 === 1) return false;
  const lastDigit = ALPHABET.indexOf(text.charAt(text.length - 1));
  if (text.length % 4 === 2) return (lastDigit & 0b1111) === 0;
  if (text.length % 4 === 3) return (lastDigit & 0b11) === 0;
  return true;
}

/** The bytes of canonical base64url; undefined for anything else. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!isCanonicalBase64url(text)) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function encodeBase64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
