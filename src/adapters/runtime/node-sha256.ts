import { hash } from "node:crypto";

/** SHA-256 of the UTF-8 of `text`, as 64 lower-case hexadecimal digits, here and now. */
export function nodeSha256(text: string): string {
  return hash("sha256", text, "hex");
}
