import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { nodeSha256 } from "./node-sha256.ts";

it("gives what the web's own gives, of any text", () => {
  // With halves of surrogate pairs, which have no UTF-8 of their own.
  const anyText = fc.string({ unit: "binary" });
  return fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      expect(nodeSha256(text)).toBe(await sha256Hex(text));
    }),
  );
});

it.each(["\ud800", "\udc00a", "a\ud83d"])("does so of half a character", async (text) => {
  expect(nodeSha256(text)).toBe(await sha256Hex(text));
});
