import fc from "fast-check";
import { expect, it } from "vitest";
import { readField, stringField } from "./protobuf.ts";

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

it.each([0, 1, 127, 128, 16_383, 16_384])("reads back a string of %d bytes", (length) => {
  const value = "x".repeat(length);
  expect(text(readField(stringField(1, value), 1))).toBe(value);
});

it("finds a field behind others, whatever their types", () => {
  const varint = [0x08 | (3 << 3), 0xac, 0x02];
  const others = [(4 << 3) | 0, 0x96, 0x01, (5 << 3) | 1, ...Array(8).fill(9), (6 << 3) | 5, 1, 2, 3, 4];
  const message = Uint8Array.from([...others, ...stringField(7, "no"), ...stringField(2, "yes")]);
  expect(text(readField(message, 2))).toBe("yes");
  expect(readField(message, 3)).toBeUndefined();
  expect(readField(Uint8Array.from(varint), 2)).toBeUndefined();
});

it.each([
  ["cut", [0x0a, 5, 1, 2]],
  ["without a length", [0x0a]],
  ["of a group, which nobody writes any more", [0x0b, 0x0a, 0]],
  ["of an endless number", [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
])("finds nothing in a message that is %s", (_, bytes) => {
  expect(readField(Uint8Array.from(bytes), 1)).toBeUndefined();
});

it("never throws, and never reads past the end", () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const found = readField(bytes, 1);
      return found === undefined || found.length < bytes.length;
    }),
  ));
