import { expect, it } from "vitest";
import { parseSettings } from "../settings.ts";

const BASELINE = {
  BERTH_PUBLIC_URL: "https://berth.example.com",
  BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
};

function parse(change: Readonly<Record<string, string>>) {
  return parseSettings({ ...BASELINE, ...change }, () => "");
}

it.each([
  ["BERTH_PROCESSES", "1", { processes: 1 }],
  ["BERTH_PROCESSES", "64", { processes: 64 }],
  ["BERTH_PROCESSES", "auto", { processes: "auto" }],
  ["BERTH_DRAIN_SECONDS", "0", { drainSeconds: 0 }],
  ["BERTH_DRAIN_SECONDS", "600", { drainSeconds: 600 }],
  ["BERTH_STALE_PULLS", "0", { stalePullSeconds: 0 }],
  ["BERTH_STALE_PULLS", "120", { stalePullSeconds: 120 }],
  ["BERTH_STALE_PULLS", "900", { stalePullSeconds: 900 }],
])("takes %s=%s", (variable, text, settings) => {
  expect(parse({ [variable]: text })).toMatchObject({ ok: true, value: settings });
});

it.each([
  ["BERTH_PROCESSES", "0", "must be a whole number from 1 to 64, or auto"],
  ["BERTH_PROCESSES", "65", "must be a whole number from 1 to 64, or auto"],
  ["BERTH_PROCESSES", "many", "must be a whole number from 1 to 64, or auto"],
  ["BERTH_DRAIN_SECONDS", "601", "must be a whole number from 0 to 600"],
  ["BERTH_STALE_PULLS", "119", "must be a whole number from 120 to 900, or 0"],
  ["BERTH_STALE_PULLS", "901", "must be a whole number from 120 to 900, or 0"],
  ["BERTH_STALE_PULLS", "15m", "must be a whole number from 120 to 900, or 0"],
])("takes no %s=%s", (variable, text, problem) => {
  expect(parse({ [variable]: text })).toEqual({ ok: false, error: [`${variable}: ${problem}`] });
});

it("drains where there may be a load balancer, unless it is told otherwise", () => {
  const drainSeconds = (change: Readonly<Record<string, string>>) => {
    const parsed = parse(change);
    return parsed.ok && parsed.value.drainSeconds;
  };
  expect(drainSeconds({})).toBe(5);
  expect(drainSeconds({ BERTH_PUBLIC_URL: "http://127.0.0.1:8080" })).toBe(0);
  expect(drainSeconds({ BERTH_PUBLIC_URL: "http://127.0.0.1:8080", BERTH_DRAIN_SECONDS: "3" })).toBe(3);
});
