import { type Sha256Hex, sha256Hex } from "../identity/digest.ts";

/**
 * The secrets that Berth hands out: a prefix that names the class, 256 random bits in base62, and a checksum.
 * The checksum lets a scanner, and the server, drop an invented secret without a look-up; it keeps nobody out.
 */
export type SecretClass = "robot-token" | "credential" | "api-token" | "exchanged-api-token";

interface SecretForm {
  readonly prefix: string;
  /** Whether two digits of a ledger's shard follow the prefix. */
  readonly sharded: boolean;
  /** The whole text but its checksum. */
  readonly body: RegExp;
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 > 2^256. */
const RANDOM_DIGITS = 43;
const CHECKSUM_DIGITS = 6;

/** One prefix serves both API tokens, since both are shown in one place; their lengths tell them apart. */
const FORMS: Readonly<Record<SecretClass, SecretForm>> = {
  "robot-token": secretForm("brp_", false),
  credential: secretForm("brc_", true),
  "api-token": secretForm("bra_", false),
  "exchanged-api-token": secretForm("bra_", true),
};
const CLASSES = Object.keys(FORMS) as readonly SecretClass[];
export const SHARDS = 64;

/** A secret's text, which shows only when asked: it prints and serialises as its class. */
export class Secret {
  readonly class: SecretClass;
  readonly #text: string;

  constructor(kind: SecretClass, text: string) {
    this.class = kind;
    this.#text = text;
  }

  /** The one way out. For the answer that hands the secret over, and for its hash. */
  expose(): string {
    return this.#text;
  }

  toString(): string {
    return `[${this.class}]`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A source of random bytes: `count` of them, from a cryptographic generator. */
export type RandomBytes = (count: number) => Uint8Array;

/** A new credential; its shard, 0 to 63, stands in it so that its holder finds the record in one slot. */
export function newCredentialSecret(shard: number, random: RandomBytes): Secret {
  return newSecret("credential", shardDigits(shard), random);
}

/** A new API token for who showed an identity token: its record is in the ledger, as a credential's is. */
export function newExchangedApiTokenSecret(shard: number, random: RandomBytes): Secret {
  return newSecret("exchanged-api-token", shardDigits(shard), random);
}

/** A new API token of the directory's. */
export function newApiTokenSecret(random: RandomBytes): Secret {
  return newSecret("api-token", "", random);
}

export function newRobotToken(random: RandomBytes): Secret {
  return newSecret("robot-token", "", random);
}

function shardDigits(shard: number): string {
  return String(shard).padStart(2, "0");
}

function newSecret(kind: SecretClass, shard: string, random: RandomBytes): Secret {
  const body = `${FORMS[kind].prefix}${shard}${randomDigits(random)}`;
  return new Secret(kind, body + checksum(body));
}

/** Bytes of 248 and over are thrown away: `% 62` would favour the first digits. */
function randomDigits(random: RandomBytes): string {
  let digits = "";
  while (digits.length < RANDOM_DIGITS) {
    for (const byte of random(64)) {
      if (byte < 248 && digits.length < RANDOM_DIGITS) digits += DIGITS.charAt(byte % 62);
    }
  }
  return digits;
}

/** The secret that `text` is by form and checksum; undefined for any other text. Says nothing of its validity. */
export function parseSecret(text: string): Secret | undefined {
  const kind = CLASSES.find((candidate) => hasForm(candidate, text));
  return kind && new Secret(kind, text);
}

function hasForm(kind: SecretClass, text: string): boolean {
  const body = text.slice(0, -CHECKSUM_DIGITS);
  return FORMS[kind].body.test(body) && text.endsWith(checksum(body));
}

function secretForm(prefix: string, sharded: boolean): SecretForm {
  const shard = sharded ? "(?:[0-5][0-9]|6[0-3])" : "";
  return { prefix, sharded, body: new RegExp(`^${prefix}${shard}[0-9A-Za-z]{${RANDOM_DIGITS}}$`) };
}

/** Whether the secret's record is a credential's: what an exchange gave, to push with or to administer with. */
export function isExchanged(secret: Secret): boolean {
  return FORMS[secret.class].sharded;
}

/** The id of an API token of the directory's: 128 bits of its hash. May be shown: it opens nothing. */
export async function apiTokenId(apiToken: Secret): Promise<{ id: string; hash: string }> {
  const hash = await sha256Hex(apiToken.expose());
  return { id: hash.slice(0, 32), hash };
}

/** The first look at a credential, or at an exchanged API token: which shard holds its record, and under which id. */
export async function credentialId(
  credential: Secret,
  sha256: Sha256Hex = sha256Hex,
): Promise<{ id: string; hash: string }> {
  const text = credential.expose();
  const hash = await sha256(text);
  return { id: credentialIdOf(text.slice(4, 6), hash), hash };
}

/** `NN` and 128 bits of SHA-256(credential). Its holder may know it, and it may be shown: it opens nothing. */
function credentialIdOf(shard: string, hash: string): string {
  return `${shard}${hash.slice(0, 32)}`;
}

const CREDENTIAL_ID = /^(?:[0-5][0-9]|6[0-3])[0-9a-f]{32}$/;

export function isCredentialId(text: string): boolean {
  return CREDENTIAL_ID.test(text);
}

export function shardOfCredentialId(id: string): number {
  return Number(id.slice(0, 2));
}

/** A hash's shard: its first byte, so all 64 are as likely. */
export function shardOfHash(hexHash: string): number {
  return Number.parseInt(hexHash.slice(0, 2), 16) % SHARDS;
}

/** CRC-32 (IEEE 802.3) in six base62 digits, as GitHub's tokens have it. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let value = (crc ^ 0xffffffff) >>> 0;
  let digits = "";
  for (let count = 0; count < CHECKSUM_DIGITS; count += 1) {
    digits = DIGITS.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return digits;
}

/** Compares two hexadecimal hashes in time that depends on their length alone. */
export function equalHashes(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at += 1) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}
