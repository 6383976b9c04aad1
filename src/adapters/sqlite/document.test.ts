import { expect, it } from "vitest";
import { decodeDocument, encodeDocument } from "./document.ts";
import { StoreVersionError } from "./schema.ts";

it("a document comes back as it was", () => {
  const record = { text: "😀\u0000", list: [], version: 7 };
  expect(decodeDocument(encodeDocument(record))).toStrictEqual(record);
});

it("a document of a newer release is not read", () => {
  const newer = encodeDocument({}).replace('"version":1', '"version":2');
  expect(() => decodeDocument(newer)).toThrow(StoreVersionError);
});
