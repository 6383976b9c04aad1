import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import { KeepAliveLoad } from "./support/keep-alive-load.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const COUNT = 3;
/** A process of three starts while clients ask: on a busy machine that takes its time. */
const SOON = { timeout: 240_000, interval: 20 };
const TIMEOUT = { timeout: 600_000 };

interface Line {
  readonly message?: string;
  readonly pid?: number;
  readonly code?: number;
  readonly signal?: string;
}

/** Log lines of a server, those of its processes among them. */
function linesOf(berth: RunningBerth): readonly Line[] {
  const lines = berth.output().split("\n");
  return lines.filter((line) => line.startsWith("{") && line.endsWith("}")).map((line) => JSON.parse(line));
}

const messages = (berth: RunningBerth, message: string) =>
  linesOf(berth).filter((line) => line.message === message);

/** Processes that listen and have not ended. */
function serving(berth: RunningBerth): readonly number[] {
  const ended = new Set(messages(berth, "process ended").map(({ pid }) => pid));
  return messages(berth, "process listens").flatMap(({ pid = 0 }) => (ended.has(pid) ? [] : [pid]));
}

function until(condition: () => boolean): Promise<boolean> {
  return vi.waitUntil(condition, SOON);
}

async function startProcesses(
  world: BerthWorld,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningBerth> {
  const berth = await world.start({ env: { BERTH_PROCESSES: `${COUNT}`, ...env } });
  await until(() => messages(berth, "all processes listen").length > 0);
  return berth;
}

describeOnEachStore(`${COUNT} processes at one port`, (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it("are replaced one after the other at SIGHUP, and no client sees an error", TIMEOUT, async () => {
    const berth = await startProcesses(world);
    const before = serving(berth);
    const load = new KeepAliveLoad(world.issuer, berth.port);
    await until(() => load.answered > 50);
    process.kill(berth.pid, "SIGHUP");
    await until(() => messages(berth, "all processes replaced").length > 0);
    const { answered } = load;
    await until(() => load.answered > answered + 50);
    await load.stop();
    expect(load.troubles).toEqual([]);
    // The connections of all clients moved on, or nothing was tried.
    expect(load.connections).toBeGreaterThan(COUNT);
    const after = serving(berth);
    expect(after).toHaveLength(COUNT);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(messages(berth, "process ended").map(({ code, signal }) => code ?? signal)).toEqual([0, 0, 0]);
    expect(await world.minted()).toBe(load.answered / 2);
    expect(await berth.stop()).toBe(0);
  });

  it("go on when one is told to end, or is killed: it has a successor", TIMEOUT, async () => {
    const berth = await startProcesses(world);
    const load = new KeepAliveLoad(world.issuer, berth.port);
    await until(() => load.answered > 20);
    const [told = 0, killed = 0] = serving(berth);
    process.kill(told, "SIGTERM");
    await until(() => !serving(berth).includes(told) && serving(berth).length === COUNT);
    process.kill(killed, "SIGKILL");
    await until(() => !serving(berth).includes(killed) && serving(berth).length === COUNT);
    const { answered } = load;
    await until(() => load.answered > answered + 20);
    await load.stop();
    // Of the killed one only what was under way is lost; that was one request of each client at most.
    expect(load.troubles.length).toBeLessThanOrEqual(6);
    expect(await berth.stop()).toBe(0);
  });

  it("are left as they are when what they would be replaced by does not start", TIMEOUT, async () => {
    const berth = await startProcesses(world);
    const before = serving(berth);
    writeFileSync(join(world.folder, `berth-${berth.port}.yaml`), "issuers: 7\n");
    process.kill(berth.pid, "SIGHUP");
    await until(() => berth.output().includes("not replaced: the new process does not start"));
    expect(serving(berth)).toEqual(before);
    expect(berth.output().match(/^berth: .*issuers/gm)).toHaveLength(1);
    expect((await berth.request("/readyz")).status).toBe(200);
    expect(await berth.stop()).toBe(0);
  });

  it("tell their numbers as one, and keep those of one that has ended", TIMEOUT, async () => {
    const metricsPort = await freePort();
    const berth = await startProcesses(world, { BERTH_METRICS_LISTEN: `127.0.0.1:${metricsPort}` });
    const scrape = async () => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const [, total] =
        /^berth_registry_tokens_total\{result="credentials_invalid".*\} (\d+)$/m.exec(text) ?? [];
      expect(text).toMatch(/^berth_store_up\{store="ledger"\} 1$/m);
      return Number(total ?? 0);
    };
    const refuse = async (count: number) => {
      const headers = { connection: "close" };
      for (let each = 0; each < count; each += 1) {
        await registryToken(
          {
            request: (path, init) =>
              berth.request(path, { ...init, headers: { ...init?.headers, ...headers } }),
          },
          { password: "wrong" },
        );
      }
    };
    await refuse(12);
    expect(await scrape()).toBe(12);
    process.kill(berth.pid, "SIGHUP");
    await until(() => messages(berth, "all processes replaced").length > 0);
    expect(await scrape()).toBe(12);
    await refuse(3);
    expect(await scrape()).toBe(15);
    expect(await berth.stop()).toBe(0);
  });
});

describe("several processes with something wrong", () => {
  describeOnEachStore("at the start", (startWorld) => {
    let world: BerthWorld;
    beforeEach(async () => {
      world = await startWorld();
    });
    afterEach(() => world.close());

    it.each([
      ["a setting", () => ({ BERTH_LOG_LEVEL: "loud" }), "BERTH_LOG_LEVEL: must be one of"],
      ["the declaration", () => ({ BERTH_FILE: "/nowhere/berth.yaml" }), "/nowhere/berth.yaml"],
      [
        "the address",
        () => ({ BERTH_LISTEN: new URL(world.issuer.url).host }),
        "is in use by another program",
      ],
    ])("end as one does, and say it once: %s", TIMEOUT, async (_, env, sentence) => {
      const started = world.start({ env: { BERTH_PROCESSES: `${COUNT}`, ...env() } });
      const fault = await started.then(String, String);
      expect(fault).toContain("berth serve ended with 2");
      expect(fault.split(sentence)).toHaveLength(2);
      expect(fault.match(/^berth: /gm)).toHaveLength(1);
    });
  });
});
