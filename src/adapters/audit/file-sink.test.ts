import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import { describeWith } from "../../../test/support/find-server.ts";
import { auditLine } from "./audit-sink.ts";
import { FileSink } from "./file-sink.ts";

const WORKER = new URL("../../../test/support/file-sink-worker.ts", import.meta.url).pathname;

let folder: string;
let path: string;
let now: number;
let told: number[];
const opened: FileSink[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-audit-"));
  path = join(folder, "audit.jsonl");
  now = 0;
  told = [];
});
afterEach(async () => {
  for (const sink of opened.splice(0)) await sink.close();
  rmSync(folder, { recursive: true });
});

async function openSink(file = path): Promise<FileSink> {
  const sink = await FileSink.open({ path: file, now: () => now, onLoss: (lost) => told.push(lost) });
  opened.push(sink);
  return sink;
}

const event = (requestId: string) => anEvent(1, { requestId });
const textOf = (requestIds: readonly string[]) => requestIds.map((id) => auditLine(event(id))).join("");

/** Closing waits for all that was taken; what is written later opens the file again. */
async function write(sink: FileSink, ...requestIds: readonly string[]): Promise<void> {
  sink.write(requestIds.map(event));
  await sink.close();
}

describe("a file of audit events", () => {
  it("gets a line for each, in order, behind what it holds", async () => {
    writeFileSync(path, textOf(["before"]));
    const sink = await openSink();
    const ids = Array.from({ length: 300 }, (_, at) => `${at}`);
    for (let at = 0; at < ids.length; at += 2) sink.write(ids.slice(at, at + 2).map(event));
    sink.write([]);
    await sink.close();
    expect(readFileSync(path, "utf8")).toBe(textOf(["before", ...ids]));
    expect([sink.lost, told]).toEqual([0, []]);
  });

  it("is for its owner's eyes only, unless it was there before", async () => {
    await openSink();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(`${path}.2`, "", { mode: 0o640 });
    await openSink(`${path}.2`);
    expect(statSync(`${path}.2`).mode & 0o777).toBe(0o640);
  });

  it("is not opened where it cannot be", async () => {
    await expect(openSink(join(folder, "none", "audit.jsonl"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("ends a line that a crash has cut off", async () => {
    writeFileSync(path, '{"kind":"exch');
    await write(await openSink(), "a");
    expect(readFileSync(path, "utf8")).toBe(`{"kind":"exch\n${textOf(["a"])}`);
  });
});

describe("a file that is moved away", () => {
  function writeAt(milliseconds: number, sink: FileSink, requestId: string): void {
    now = milliseconds;
    sink.write([event(requestId)]);
  }
  const holds = (file: string, ...requestIds: readonly string[]) =>
    vi.waitFor(() => expect(existsSync(file) && readFileSync(file, "utf8")).toBe(textOf(requestIds)));

  it("is made anew within a second", async () => {
    const sink = await openSink();
    writeAt(0, sink, "a");
    await holds(path, "a");
    renameSync(path, `${path}.1`);
    writeAt(999, sink, "b");
    await holds(`${path}.1`, "a", "b");
    writeAt(1000, sink, "c");
    await holds(path, "c");
    // As logrotate's `create` does it.
    renameSync(path, `${path}.2`);
    writeFileSync(path, "");
    writeAt(1999, sink, "d");
    await holds(`${path}.2`, "c", "d");
    writeAt(2000, sink, "e");
    await holds(path, "e");
    expect(readFileSync(`${path}.1`, "utf8")).toBe(textOf(["a", "b"]));
    expect(sink.lost).toBe(0);
  });

  it("stays open while it is where it was", async () => {
    const sink = await openSink();
    writeAt(0, sink, "a");
    await holds(path, "a");
    writeAt(5000, sink, "b");
    await holds(path, "a", "b");
  });
});

describe("what cannot be written", () => {
  it("is lost and counted, told of once a minute, and does not stop what comes later", async () => {
    const sink = await openSink();
    await sink.close();
    rmSync(path);
    mkdirSync(path);
    await write(sink, "a", "b");
    expect([sink.lost, told]).toEqual([2, [2]]);
    now = 59_999;
    await write(sink, "c");
    expect([sink.lost, told]).toEqual([3, [2]]);
    now = 60_000;
    await write(sink, "d");
    expect([sink.lost, told]).toEqual([4, [2, 4]]);
    rmSync(path, { recursive: true });
    await write(sink, "e");
    expect(readFileSync(path, "utf8")).toBe(textOf(["e"]));
    expect(sink.lost).toBe(4);
  });

  it("is what comes while 10,000 wait", async () => {
    const sink = await openSink();
    const ids = Array.from({ length: 10_001 }, (_, at) => `${at}`);
    // The first is on its way at once; the disk has no turn before all are handed over.
    sink.write([event("0")]);
    sink.write(ids.slice(1, 10_000).map(event));
    sink.write([event("10000"), event("over")]);
    sink.write([event("over")]);
    expect([sink.lost, told]).toEqual([2, [1]]);
    await sink.close();
    expect(readFileSync(path, "utf8")).toBe(textOf(ids));
  });
});

describeWith("a device that is always full", existsSync("/dev/full") || undefined, "a full disk", () => {
  it("loses all", async () => {
    const sink = await openSink("/dev/full");
    await write(sink, "a", "b", "c");
    await write(sink, "d");
    expect([sink.lost, told]).toEqual([4, [3]]);
  });

  it("in the middle of a line keeps the lines before it, and the next stands for itself", async () => {
    // The system's limit of a file's size cuts the write off, as a full disk does.
    const limited = ["-c", 'ulimit -f 4; exec "$0" "$@"', process.execPath, WORKER, path];
    const lost = Number(execFileSync("sh", limited, { encoding: "utf8" }));
    const kept = 100 - lost;
    expect(kept).toBeGreaterThan(10);
    expect(lost).toBeGreaterThan(10);
    await write(await openSink(), "later");
    const lines = readFileSync(path, "utf8").split(/(?<=\n)/);
    const whole = Array.from({ length: kept }, (_, at) => `${at}`);
    expect(lines.slice(0, kept).join("")).toBe(textOf(whole));
    expect(lines.slice(-1)).toEqual([textOf(["later"])]);
    expect(lines.length).toBe(kept + 2);
  });
});
