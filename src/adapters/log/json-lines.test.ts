import { expect, it } from "vitest";
import { jsonLines, type LogLevel } from "./json-lines.ts";

function logAt(least: LogLevel) {
  const lines: string[] = [];
  const log = jsonLines(
    least,
    (line) => lines.push(line),
    () => 1_700_000_000_000,
  );
  return { log, lines };
}

// attack 25, 74
it("writes one object a line, whatever a field holds", () => {
  const { log, lines } = logAt("info");
  log("warn", "request", { subject: 'a"b\n{"level":"error"}\u2028', status: 400, gone: undefined });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    subject: 'a"b\n{"level":"error"}\u2028',
    status: 400,
    time: "2023-11-14T22:13:20.000Z",
    level: "warn",
    message: "request",
  });
});

// attack 74
it.each([
  ["DEL", 0x7f],
  ["the last of C1", 0x9f],
  ["CSI, which begins an escape sequence in one character", 0x9b],
  ["ALM", 0x61c],
  ["LRM", 0x200e],
  ["RLM", 0x200f],
  ["a line separator", 0x2028],
  ["a paragraph separator", 0x2029],
  ["LRE", 0x202a],
  ["RLO", 0x202e],
  ["LRI", 0x2066],
  ["PDI", 0x2069],
])("writes %s as an escape, in values and names, and says the same", (_, code) => {
  const { log, lines } = logAt("info");
  const text = `a${String.fromCharCode(code)}b`;
  log("info", "request", { subject: text, [text]: 1 });
  expect(lines[0]).toContain(`"subject":"a\\u${code.toString(16).padStart(4, "0")}b"`);
  expect(lines[0]).not.toContain(String.fromCharCode(code));
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ subject: text, [text]: 1 });
});

it("leaves letters of every script as they are", () => {
  const { log, lines } = logAt("info");
  log("info", "request", { subject: "Zażółć 日本 שלום 🚢 ~\u00a0" });
  expect(lines[0]).toContain('"subject":"Zażółć 日本 שלום 🚢 ~\u00a0"');
});

it("lets no field replace time, level or message", () => {
  const { log, lines } = logAt("info");
  log("info", "request", { level: "error", message: "all is well", time: "never" });
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    time: "2023-11-14T22:13:20.000Z",
    level: "info",
    message: "request",
  });
});

it.each<[LogLevel, readonly LogLevel[]]>([
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
])("at %s writes %j", (least, written) => {
  const { log, lines } = logAt(least);
  for (const level of ["debug", "info", "warn", "error"] as const) log(level, "m", {});
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(written);
});
