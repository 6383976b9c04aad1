import { encodeBase64url } from "./base64url.ts";

const UTF8 = new TextEncoder();

/**
 * What gives a text's SHA-256 in the form of `sha256Hex`. The web's own works in a thread and gives a promise, which
 * takes some thirty times as long as the hash of a secret: a runtime that can, hands a use case its own.
 */
export type Sha256Hex = (text: string) => string | Promise<string>;

/** SHA-256 of the UTF-8 of `text`, as 64 lower-case hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
  return hex(await sha256(text));
}

/** SHA-256 of the UTF-8 of `text` in base64url, 43 characters. */
export async function sha256Base64url(text: string): Promise<string> {
  return encodeBase64url(await sha256(text));
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", UTF8.encode(text)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
