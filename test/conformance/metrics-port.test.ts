import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { ConfigurationError } from "../../src/entrypoints/configuration-error.ts";
import { type RunningServer, startServer } from "../../src/entrypoints/node.ts";

const folder = () => mkdtempSync(join(tmpdir(), "berth-metrics-"));
let running: RunningServer | undefined;
let dataDir = "";
afterEach(async () => {
  await running?.close();
  running = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

/** A real server on free ports; `log` is what it has said. */
async function start(change: Readonly<Record<string, string>>) {
  dataDir = folder();
  const log: Record<string, unknown>[] = [];
  running = await startServer(
    {
      BERTH_PUBLIC_URL: "http://127.0.0.1:1",
      BERTH_LISTEN: "127.0.0.1:0",
      BERTH_DATA_DIR: dataDir,
      BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
      ...change,
    },
    (line) => log.push(JSON.parse(line)),
  );
  const metricsPort = log.find(({ message }) => message === "metrics")?.port;
  return { port: running.port, metricsPort };
}

it("serves the numbers of a server at work, and on that port nothing else", async () => {
  const { port, metricsPort } = await start({ BERTH_METRICS_LISTEN: "127.0.0.1:0" });
  await fetch(`http://127.0.0.1:${port}/v2/auth?service=unknown.example.com`);
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(text).toMatch(/^berth_registry_tokens_total\{result="service_unknown",registry="none"\} 1$/m);
  expect(text).toMatch(/^berth_store_up\{store="ledger"\} 1$/m);
  expect(text).toMatch(/^berth_certificate_expiry_timestamp_seconds\{use="ca",registry="none"\} \d+$/m);
  expect((await fetch(`http://127.0.0.1:${metricsPort}/healthz`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
});

it("serves none unless a setting says where", async () => {
  const { port, metricsPort } = await start({});
  expect(metricsPort).toBe(undefined);
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
});

it("does not start where the port is taken", async () => {
  const { metricsPort } = await start({ BERTH_METRICS_LISTEN: "127.0.0.1:0" });
  const first = { server: running, dataDir };
  const second = start({ BERTH_METRICS_LISTEN: `127.0.0.1:${metricsPort}` });
  await expect(second).rejects.toThrow(ConfigurationError);
  await first.server?.close();
  rmSync(first.dataDir, { recursive: true, force: true });
  running = undefined;
});
