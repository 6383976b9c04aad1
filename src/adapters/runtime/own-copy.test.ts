import { expect, it } from "vitest";
import { bytesKept, REQUEST_BYTES } from "../../../test/support/bytes-kept.ts";
import { ownCopy } from "./own-copy.ts";

it("keeps nothing of what a text was cut from", () => {
  // Were this not so, there would be no need for a copy.
  expect(bytesKept<string[]>([], (kept, name) => kept.push(name))).toBeGreaterThan(REQUEST_BYTES / 2);
  expect(bytesKept<string[]>([], (kept, name) => kept.push(ownCopy(name)))).toBeLessThan(REQUEST_BYTES / 10);
});

it.each(["acme+builder", "", "\u{1F6A2} ü", "a lone \ud83d", 'with " and \\'])(
  "leaves %j as it is",
  (text) => {
    expect(ownCopy(text)).toBe(text);
  },
);
