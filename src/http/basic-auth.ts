import { bytesOfBinary } from "../domain/identity/base64url.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** User name and password of a Basic header (RFC 7617), the password from the first colon on. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** "malformed" for a header that is there and is not Basic; undefined for none. */
export function parseBasicAuth(header: string | undefined): BasicCredentials | "malformed" | undefined {
  if (header === undefined) return undefined;
  const [scheme = "", encoded = "", ...rest] = header.trim().split(/ +/);
  if (scheme.toLowerCase() !== "basic" || rest.length > 0) return "malformed";
  const decoded = decodeUtf8(encoded);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === undefined || colon < 1) return "malformed";
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

function decodeUtf8(base64: string): string | undefined {
  try {
    return UTF8.decode(bytesOfBinary(atob(base64)));
  } catch {
    // atob and the decoder throw for nothing but malformed input.
    return undefined;
  }
}
