import { beforeEach, describe, expect, it } from "vitest";
import { ScriptedProcess, settled } from "../../../test/support/scripted-process.ts";
import { Supervisor } from "./supervisor.ts";

let processes: ScriptedProcess[];
let waits: number[];
let log: string[];
let now: number;
let supervisor: Supervisor;
beforeEach(() => {
  processes = [];
  waits = [];
  log = [];
  now = 0;
  supervisor = new Supervisor({
    count: 3,
    start: () => {
      const process = new ScriptedProcess(processes.length + 1);
      processes.push(process);
      return process;
    },
    log: (level, message) => log.push(`${level} ${message}`),
    now: () => now,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
});

const process = (pid: number) => processes[pid - 1] ?? expect.fail(`process ${pid} was not started`);
const runningPids = () => supervisor.processes.map(({ pid }) => pid);

/** Three that listen. */
async function runThree(): Promise<{ readonly code: Promise<number> }> {
  const code = supervisor.run();
  await process(1).listens();
  await process(2).listens();
  await process(3).listens();
  log.length = 0;
  return { code };
}

describe("at the start", () => {
  it("has the first listen before the others are started", async () => {
    void supervisor.run();
    await settled();
    expect(runningPids()).toEqual([1]);
    await process(1).listens();
    expect(runningPids()).toEqual([1, 2, 3]);
    await process(2).listens();
    expect(log).toEqual(["info process listens", "info process listens"]);
    await process(3).listens();
    expect(log.at(-1)).toBe("info all processes listen");
  });

  it.each([
    [2, null, 2],
    [null, "SIGKILL", 1],
  ])("ends with the first that does not come to listen (%s, %s): %s", async (code, signal, exit) => {
    const ended = supervisor.run();
    await process(1).ends(code, signal);
    expect(await ended).toBe(exit);
    expect(processes).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it("ends well when it is stopped before the first listens", async () => {
    const ended = supervisor.run();
    supervisor.stop();
    expect(process(1).stops).toEqual(["stop"]);
    await process(1).ends(null, "SIGTERM");
    expect(await ended).toBe(0);
  });
});

describe("at a stop", () => {
  it("asks each once, and ends when all have", async () => {
    const { code } = await runThree();
    supervisor.stop();
    supervisor.stop();
    expect(processes.map(({ stops }) => stops)).toEqual([["stop"], ["stop"], ["stop"]]);
    for (const one of processes) await one.ends();
    expect(await code).toBe(0);
    expect(processes).toHaveLength(3);
    expect(log).toEqual(["info stopping", "info process ended", "info process ended", "info process ended"]);
  });

  it("does not start those that wait to be started again", async () => {
    const { code } = await runThree();
    const ended = process(2).ends(1);
    supervisor.stop();
    await ended;
    await process(1).ends();
    await process(3).ends();
    expect(await code).toBe(0);
    expect(processes).toHaveLength(3);
  });

  it("ends at once where none runs", async () => {
    const { code } = await runThree();
    for (const one of processes) void one.ends(1);
    supervisor.stop();
    await settled();
    expect(await code).toBe(0);
  });
});

describe("one that ends by itself", () => {
  it("is replaced without a wait when it has lived", async () => {
    await runThree();
    now = 10_000;
    await process(2).ends(null, "SIGKILL");
    expect(runningPids()).toEqual([1, 3, 4]);
    expect(waits).toEqual([]);
    expect(log).toEqual(["warn process ended"]);
  });

  it("is started again later and later while it fails, and for ever while others serve", async () => {
    await runThree();
    await process(2).ends(1);
    for (let pid = 4; pid < 12; pid += 1) await process(pid).ends(1);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    expect(runningPids()).toEqual([1, 3, 12]);
  });

  it("is started at once after one that has lived again", async () => {
    await runThree();
    await process(2).ends(1);
    await process(4).listens();
    now = 10_000;
    await process(4).ends(1);
    now = 10_001;
    await process(5).ends(1);
    expect(waits).toEqual([1000, 1000]);
  });

  it("is given up after five failures where nothing serves, and the others are asked to end", async () => {
    const { code } = await runThree();
    for (let pid = 1; pid <= 4; pid += 1) await process(pid).ends(7);
    expect(runningPids()).toEqual([5, 6, 7]);
    await process(5).ends(7);
    expect(await code).toBe(7);
    expect(log.slice(-2)).toEqual([
      "error giving up: the processes end as soon as they start",
      "info stopping",
    ]);
    expect(process(6).stops).toEqual(["stop"]);
    await process(6).ends(0);
    expect(processes).toHaveLength(7);
  });

  it("is not given up as a success", async () => {
    const { code } = await runThree();
    for (let pid = 1; pid <= 5; pid += 1) await process(pid).ends(0);
    expect(await code).toBe(1);
  });
});

describe("replacing all", () => {
  it("starts a new one before it asks an old one to leave, one after the other", async () => {
    await runThree();
    const done = supervisor.replaceAll();
    await settled();
    expect(runningPids()).toEqual([1, 2, 3, 4]);
    expect(process(1).stops).toEqual([]);
    await process(4).listens();
    expect(process(1).stops).toEqual(["replaced"]);
    expect(processes).toHaveLength(4);
    await process(1).ends();
    expect(runningPids()).toEqual([2, 3, 4, 5]);
    for (const [next, old] of [
      [5, 2],
      [6, 3],
    ] as const) {
      await process(next).listens();
      await process(old).ends();
    }
    await done;
    expect(runningPids()).toEqual([4, 5, 6]);
    expect(log.at(-1)).toBe("info all processes replaced");
    expect(waits).toEqual([]);
  });

  it("leaves the old ones where the new one does not start", async () => {
    await runThree();
    const done = supervisor.replaceAll();
    await settled();
    await process(4).ends(2);
    await done;
    expect(runningPids()).toEqual([1, 2, 3]);
    expect(processes.flatMap(({ stops }) => stops)).toEqual([]);
    expect(log).toEqual(["info process ended", "error not replaced: the new process does not start"]);
    await settled();
    expect(processes).toHaveLength(4);
  });

  it("keeps the number where an old one ends by itself meanwhile", async () => {
    await runThree();
    now = 10_000;
    void supervisor.replaceAll();
    await settled();
    await process(1).ends(null, "SIGKILL");
    expect(runningPids()).toEqual([2, 3, 4, 5]);
    await process(4).listens();
    expect(process(4).stops).toEqual(["replaced"]);
    await process(4).ends();
    expect(runningPids()).toEqual([2, 3, 5, 6]);
  });

  it("passes over one that has ended before its turn", async () => {
    await runThree();
    now = 10_000;
    void supervisor.replaceAll();
    await settled();
    await process(2).ends(null, "SIGKILL");
    await process(4).listens();
    await process(1).ends();
    await process(6).listens();
    expect(process(3).stops).toEqual(["replaced"]);
  });

  it("asked for once more meanwhile is done once more", async () => {
    await runThree();
    const done = supervisor.replaceAll();
    void supervisor.replaceAll();
    void supervisor.replaceAll();
    for (let old = 1; old <= 6; old += 1) {
      await settled();
      await process(old + 3).listens();
      await process(old).ends();
    }
    await done;
    expect(runningPids()).toEqual([7, 8, 9]);
    expect(log.filter((line) => line === "info all processes replaced")).toHaveLength(2);
  });

  it("ends with a stop, and says nothing of a failure", async () => {
    const { code } = await runThree();
    const done = supervisor.replaceAll();
    void supervisor.replaceAll();
    await settled();
    supervisor.stop();
    expect(process(4).stops).toEqual(["stop"]);
    for (const one of [...processes]) await one.ends();
    await done;
    expect(await code).toBe(0);
    expect(processes).toHaveLength(4);
    expect(log.filter((line) => line.includes("replaced"))).toEqual([]);
  });
});
