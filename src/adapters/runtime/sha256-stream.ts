import { createHash } from "node:crypto";

/** A SHA-256 that takes its text in parts. */
export function sha256Stream(): { update(text: string): void; hex(): string } {
  const hash = createHash("sha256");
  return {
    update: (text) => void hash.update(text),
    hex: () => hash.digest("hex"),
  };
}
