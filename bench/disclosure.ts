/**
 * How long a refusal takes for an unknown robot, a disabled robot and no match: who could tell them apart could list
 * robots. `npm run bench:disclosure [-- --samples 1000]`. With the delay that hides the work, and with the least that may
 * be set. A measurement, and no test: that bytes, store calls and waits are equal is asserted in
 * test/conformance/disclosure.test.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { freePort } from "../demo/free-port.ts";
import { startChild } from "./child.ts";
import type { BenchRequest } from "./load.ts";
import { CAUSES, type Cause, refusalDeclaration, refusedExchange } from "./refusals.ts";
import { signingKey } from "./traffic.ts";

const CLI = new URL("../src/entrypoints/cli.ts", import.meta.url).pathname;
/** The default of BERTH_REFUSAL_DELAY_MS, and the least that may be set. */
const DELAYS_MS = [100, 10];
const CONNECTIONS = 4;
const NAMES = Object.keys(CAUSES) as Cause[];

const { values } = parseArgs({ options: { samples: { type: "string", default: "1000" } } });
const samples = Number(values.samples);
const key = await signingKey();
for (const delayMs of DELAYS_MS) {
  const times = await withBerth(delayMs, (origin) => measure(origin));
  console.log(`\n${samples} refusals each, BERTH_REFUSAL_DELAY_MS=${delayMs}; milliseconds`);
  console.log("                       min       p50       p95       p99      mean");
  for (const cause of NAMES) console.log(line(cause, times[cause]));
}

async function withBerth<T>(delayMs: number, work: (origin: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "berth-disclosure-"));
  const port = await freePort();
  const file = join(folder, "berth.yaml");
  writeFileSync(file, refusalDeclaration(key.jwks));
  const server = await startChild(CLI, {
    args: ["serve"],
    env: {
      BERTH_PUBLIC_URL: `http://127.0.0.1:${port}`,
      BERTH_LISTEN: `127.0.0.1:${port}`,
      BERTH_DATA_DIR: folder,
      BERTH_FILE: file,
      BERTH_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 7).toString("base64")}`,
      BERTH_REFUSAL_DELAY_MS: String(delayMs),
    },
  });
  try {
    return await work(server.origin);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The causes in turn, over a few connections, so that a slow moment of the machine falls on all of them. */
async function measure(origin: string): Promise<Record<Cause, number[]>> {
  const times: Record<Cause, number[]> = { "unknown robot": [], "disabled robot": [], "no match": [] };
  await takeTimes(origin, 30);
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () => takeTimes(origin, samples / CONNECTIONS, times)),
  );
  return times;
}

async function takeTimes(origin: string, count: number, times?: Record<Cause, number[]>): Promise<void> {
  const dispatcher = new Agent({ connections: 1, pipelining: 1 });
  for (let at = 0; at < count; at += 1) {
    for (const cause of NAMES) {
      const sent = await refusedExchange(key, origin, cause);
      const startedAt = performance.now();
      await expectNoMatch(origin, sent, dispatcher);
      times?.[cause].push(performance.now() - startedAt);
    }
  }
  await dispatcher.close();
}

async function expectNoMatch(origin: string, sent: BenchRequest, dispatcher: Agent): Promise<void> {
  const { method, headers, body = "" } = sent;
  const answer = await request(origin + sent.path, { method, headers, body, dispatcher });
  const text = await answer.body.text();
  if (!text.includes('"no_match"')) throw new Error(`not the refusal that is measured: ${text}`);
}

function line(cause: string, times: readonly number[]): string {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  const columns = [at(0), at(0.5), at(0.95), at(0.99), mean].map((ms) => ms.toFixed(2).padStart(10));
  return `  ${cause.padEnd(16)}${columns.join("")}`;
}
