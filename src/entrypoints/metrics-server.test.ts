import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "./configuration-error.ts";
import { listen } from "./listen.ts";
import { type MetricsServer, startMetricsServer } from "./metrics-server.ts";

let server: MetricsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const NUMBERS = { contentType: "text/plain; version=0.0.4; charset=utf-8", text: async () => "berth_up 1\n" };

async function start(numbers = NUMBERS) {
  const faults: unknown[] = [];
  server = await startMetricsServer(numbers, LOOPBACK, (fault) => faults.push(fault));
  const { port } = server;
  const ask = (path: string, method = "GET") => fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { ask, faults, port };
}

describe("the metrics server", () => {
  it.each(["/metrics", "/metrics?name[]=x"])("answers %s with the numbers", async (path) => {
    const { ask } = await start();
    const response = await ask(path);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      NUMBERS.contentType,
      "berth_up 1\n",
    ]);
  });

  it.each([
    ["GET", "/", 404, null],
    ["GET", "/metrics/", 404, null],
    ["GET", "/oauth2/token", 404, null],
    ["POST", "/metrics", 405, "GET, HEAD"],
    ["HEAD", "/metrics", 200, null],
  ])("answers %s %s with %d and no body", async (method, path, status, allow) => {
    const { ask } = await start();
    const response = await ask(path, method);
    expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([
      status,
      allow,
      "",
    ]);
  });

  it("answers a fault with 500 and no word of it, and goes on", async () => {
    const fault = new TypeError("a bug");
    const failing = { ...NUMBERS, text: () => Promise.reject(fault) };
    const { ask, faults } = await start(failing);
    for (let count = 0; count < 2; count += 1) {
      const response = await ask("/metrics");
      expect([response.status, await response.text()]).toEqual([500, ""]);
    }
    expect(faults).toEqual([fault, fault]);
  });

  it("says by its setting that its address is taken", async () => {
    const { port } = await start();
    const second = startMetricsServer(NUMBERS, { ...LOOPBACK, port }, () => undefined);
    await expect(second).rejects.toThrow(
      new ConfigurationError([`BERTH_METRICS_LISTEN: 127.0.0.1:${port} is in use by another program`]),
    );
  });
});

it("throws on a fault of listening that no setting mends", async () => {
  await expect(listen(createServer(), { host: "127.0.0.1", port: -1 }, "BERTH_LISTEN")).rejects.toThrow(
    RangeError,
  );
});
