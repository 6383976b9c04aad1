import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestClock } from "../../../test/support/test-clock.ts";
import { removeLock, withFileLock } from "./file-lock.ts";

let folder: string;
let lock: string;
let clock: TestClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-lock-"));
  lock = join(folder, "lock");
  clock = new TestClock();
});
afterEach(() => rmSync(folder, { recursive: true }));

const LIMITS = { waitMs: 1_000, staleMs: 10_000 };
const run = (work: () => Promise<unknown>, limits = LIMITS) =>
  withFileLock(
    {
      now: () => clock.now(),
      waitUntil: (at) => clock.waitUntil(at),
      random: (count) => new Uint8Array(count),
    },
    lock,
    limits,
    work,
  );
/** A process id of this machine that is no process's any more. */
const endedPid = () => spawnSync(process.execPath, ["-e", "0"]).pid;

it("is there while the work runs, for this user alone, and gone after it", async () => {
  expect(await run(async () => readdirSync(folder))).toEqual({ ok: true, value: ["lock"] });
  expect(readdirSync(folder)).toEqual([]);
});

it("is gone after work that fails", async () => {
  await expect(run(() => Promise.reject(new Error("work")))).rejects.toThrow("work");
  expect(readdirSync(folder)).toEqual([]);
});

it("waits for a holder that lives, and gives up in time", async () => {
  writeFileSync(lock, `${hostname()} ${process.pid} other`);
  const start = clock.now();
  expect(await run(async () => "done")).toMatchObject({ error: { code: "file_locked" } });
  expect(clock.now() - start).toBeLessThanOrEqual(LIMITS.waitMs);
  expect(clock.now() - start).toBeGreaterThan(LIMITS.waitMs - 50);
  expect(readFileSync(lock, "utf8")).toContain("other");
});

it("takes over from a holder that has ended without a word", async () => {
  writeFileSync(lock, `${hostname()} ${endedPid()} other`);
  expect(await run(async () => "done")).toEqual({ ok: true, value: "done" });
  expect(clock.waits.length).toBeLessThan(3);
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  { of: "another host", mark: "elsewhere 1 other" },
  { of: "who was killed before it wrote a word", mark: "" },
])("takes over by age from a holder of $of", async ({ mark }) => {
  writeFileSync(lock, mark);
  expect(await run(async () => "done")).toMatchObject({ error: { code: "file_locked" } });
  const old = new Date(Date.now() - 11_000);
  utimesSync(lock, old, old);
  expect(await run(async () => "done")).toEqual({ ok: true, value: "done" });
});

it("is not freed by one that was held for gone", async () => {
  const done = await run(async () => writeFileSync(lock, "elsewhere 1 successor"));
  expect(done.ok).toBe(true);
  expect(existsSync(lock) && readFileSync(lock, "utf8")).toBe("elsewhere 1 successor");
});

it("lets one work at a time", async () => {
  let inside = 0;
  let most = 0;
  const real = { now: Date.now, random: (count: number) => new Uint8Array(count) };
  const waitUntil = (at: number) => new Promise<void>((done) => setTimeout(done, at - Date.now()));
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setImmediate(done));
    inside -= 1;
  };
  const environment = { ...real, waitUntil };
  await Promise.all(
    Array.from({ length: 20 }, () => withFileLock(environment, lock, { ...LIMITS, waitMs: 20_000 }, work)),
  );
  expect(most).toBe(1);
});

it("lets one of many take over, where all find the same holder gone", async () => {
  writeFileSync(lock, `${hostname()} ${endedPid()} other`);
  let inside = 0;
  let most = 0;
  const waitUntil = (at: number) => new Promise<void>((done) => setTimeout(done, at - Date.now()));
  const environment = { now: Date.now, waitUntil, random: (count: number) => new Uint8Array(count) };
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setImmediate(done));
    inside -= 1;
  };
  await Promise.all(
    Array.from({ length: 20 }, () => withFileLock(environment, lock, { ...LIMITS, waitMs: 20_000 }, work)),
  );
  expect(most).toBe(1);
});

it("puts back the lock of a successor, which somebody held for the stale one", async () => {
  writeFileSync(lock, "elsewhere 2 successor");
  await removeLock(lock, "elsewhere 1 stale");
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect(readFileSync(lock, "utf8")).toBe("elsewhere 2 successor");
  await removeLock(lock, "elsewhere 2 successor");
  expect(readdirSync(folder)).toEqual([]);
});
