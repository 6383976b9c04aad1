import { crc32 } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An API token by form and checksum, which nobody issued. Computed apart from the code under test. */
export function anApiToken(): string {
  const body = `bra_${"0aZ".repeat(15).slice(0, 43)}`;
  let value = crc32(body);
  let checksum = "";
  for (let count = 0; count < 6; count += 1) {
    checksum = DIGITS.charAt(value % 62) + checksum;
    value = Math.floor(value / 62);
  }
  return body + checksum;
}
