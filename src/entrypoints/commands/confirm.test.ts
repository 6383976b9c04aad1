import { PassThrough } from "node:stream";
import { beforeEach, expect, it, vi } from "vitest";
import { isConfirmed } from "./confirm.ts";

let told: string[];
beforeEach(() => {
  told = [];
  vi.spyOn(console, "error").mockImplementation((line: unknown) => void told.push(String(line)));
});

function terminal(typed: string, attended = true) {
  const input = new PassThrough();
  const output = new PassThrough();
  input.end(`${typed}\n`);
  return { input, output, attended };
}

it("asks nobody after --yes", async () => {
  const { output, ...rest } = terminal("", false);
  expect(await isConfirmed({ yes: true }, "acme", "ends acme", { output, ...rest })).toBe(true);
  expect(output.read()).toBeNull();
});

it.each([
  ["acme", true, []],
  [" acme ", true, []],
  ["acm", false, ["berth: that is not it; nothing was done"]],
  ["", false, ["berth: that is not it; nothing was done"]],
])("takes %j: %s", async (typed, confirmed, lines) => {
  const asked = terminal(typed);
  expect(await isConfirmed({}, "acme", "ends acme", asked)).toBe(confirmed);
  expect(String(asked.output.read())).toContain("This ends acme. Type acme to go on: ");
  expect(told).toEqual(lines);
});

it("refuses a program that has not said --yes", async () => {
  expect(await isConfirmed({}, "acme", "ends acme", terminal("acme", false))).toBe(false);
  expect(told).toEqual(["berth: this ends acme; say --yes"]);
});
