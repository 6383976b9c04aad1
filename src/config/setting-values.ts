import * as z from "zod";
import { parseSecret, type Secret } from "../domain/accounts/secret.ts";
import { err, ok, type Result } from "../domain/result.ts";

/** The value of a setting, or what is wrong with it: a sentence without the value. */
export type Parsed<T> = Result<T, string>;

/** Where a server listens. */
export interface ListenAddress {
  /** An IP address without brackets, or `localhost`. */
  readonly host: string;
  readonly port: number;
}

/** One of the keys that encrypt Berth's own keys at rest: AES-256. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array<ArrayBuffer>;
}

export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Registries compare it as `iss` byte for byte, so it has one spelling: the URL standard's, without a last slash. */
export function parsePublicUrl(text: string): Parsed<string> {
  const url = URL.parse(text);
  if (url === null) return err("must be a URL, such as https://berth.example.com");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackHost(url.hostname))) {
    return err("must be https; http is for a loopback host only");
  }
  if (url.username !== "" || url.password !== "") return err("must not hold a user name or password");
  if (/[?#]/.test(text)) return err("must not have a query or fragment");
  if (text.endsWith("/")) return err("must not end in a slash");
  if (url.href.replace(/\/$/, "") !== text || url.pathname.includes("//")) {
    return err("must be in normal form: lower-case host, no default port, no empty or dot segments");
  }
  return ok(text);
}

export function parseListenAddress(text: string): Parsed<ListenAddress> {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const known =
    bracketed === undefined
      ? plain === "localhost" || z.ipv4().safeParse(plain).success
      : z.ipv6().safeParse(bracketed).success;
  if (!known || port > 65_535) {
    return err("must be ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080");
  }
  return ok({ host: bracketed ?? plain ?? "", port });
}

const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;

export function parseEncryptionKeys(text: string): Parsed<readonly EncryptionKey[]> {
  const keys: EncryptionKey[] = [];
  for (const entry of listed(text)) {
    const colon = entry.indexOf(":");
    const [id, encoded] = [entry.slice(0, Math.max(colon, 0)), entry.slice(colon + 1)];
    if (!KEY_ID.test(id) || !BASE64_OF_32_BYTES.test(encoded)) {
      return err(
        'must be a list of ID:KEY, each key 32 random bytes in base64; one is made with: echo "k1:$(openssl rand -base64 32)"',
      );
    }
    if (keys.some((key) => key.id === id)) return err("names one key id twice");
    keys.push({ id, key: Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)) });
  }
  return ok(keys);
}

/** An API token by form and checksum: one that was made up has too few bits, and most likely no checksum. */
export function parseApiToken(text: string): Parsed<Secret> {
  const secret = parseSecret(text);
  return secret?.class === "api-token"
    ? ok(secret)
    : err("must be an API token; one is made with: berth admin bootstrap --print-only");
}

export function parseTrustedProxies(text: string): Parsed<readonly string[]> {
  const entries = listed(text);
  const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
  if (!entries.every((entry) => address.safeParse(entry).success)) {
    return err("must be a list of addresses and networks, such as 10.0.0.7,fd00:1::/64");
  }
  // Whoever is trusted writes the client's address into the audit log.
  if (entries.some((entry) => entry.endsWith("/0"))) return err("must not trust every address");
  return ok(entries);
}

export function parseServerUrl(text: string, schemes: readonly string[]): Parsed<string> {
  const url = URL.parse(text);
  const names = schemes.map((scheme) => `${scheme}://`).join(" or ");
  if (url === null || url.hostname === "" || !schemes.includes(url.protocol.slice(0, -1))) {
    return err(`must be a URL with ${names}`);
  }
  return ok(text);
}

export function parseWholeNumber(text: string, least: number, most: number): Parsed<number> {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most) {
    return err(`must be a whole number from ${least} to ${most}`);
  }
  return ok(value);
}

function listed(text: string): readonly string[] {
  return text.split(",").map((entry) => entry.trim());
}
