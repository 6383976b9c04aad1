import { expect, it } from "vitest";
import { err, ok } from "../domain/result.ts";
import { UnavailableError } from "./ports.ts";
import { refuseWhenUnavailable } from "./unavailable.ts";

it("hands on what the use case answers", async () => {
  const granted = ok("a value");
  const refused = err({ reason: "conflict" as const });
  expect(await refuseWhenUnavailable(async () => granted)).toBe(granted);
  expect(await refuseWhenUnavailable(async () => refused)).toBe(refused);
});

it("makes an outage a refusal", async () => {
  const outage = refuseWhenUnavailable(async () => {
    throw new UnavailableError("the store did not answer: SQLITE_FULL");
  });
  expect(await outage).toEqual(
    err({ reason: "store_unavailable", detail: "the store did not answer: SQLITE_FULL" }),
  );
});

it("throws a bug on", async () => {
  const bug = new TypeError("undefined is not a function");
  const run = refuseWhenUnavailable(async () => {
    throw bug;
  });
  await expect(run).rejects.toBe(bug);
});
