import { expect, it } from "vitest";
import { UnavailableError } from "../../usecases/ports.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

it("gives a record back without its version", () => {
  const text = encodeRecord({ name: "acme" });
  expect(text).toBe('{"v":1,"name":"acme"}');
  expect(decodeRecord(text)).toStrictEqual({ name: "acme" });
});

it.each(['{"v":2,"name":"acme"}', '{"name":"acme"}'])("refuses what another version wrote: %s", (text) => {
  expect(() => decodeRecord(text)).toThrow(UnavailableError);
});
