import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { maxHeaderSize, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../src/entrypoints/node.ts";
import { ENCRYPTION_KEY } from "../support/berth-process.ts";

let running: RunningServer | undefined;
const folder = mkdtempSync(join(tmpdir(), "berth-limits-"));
afterEach(async () => {
  await running?.close();
  rmSync(folder, { recursive: true });
});

/** The server that answers a request, by the word of Node itself. */
async function serverOf(request: () => Promise<unknown>): Promise<Server> {
  let server: Server | undefined;
  const channel = "http.server.request.start";
  const see = (message: unknown) => {
    server = (message as { readonly server: Server }).server;
  };
  subscribe(channel, see);
  try {
    await request();
  } finally {
    unsubscribe(channel, see);
  }
  if (server === undefined) throw new Error("no request arrived");
  return server;
}

it("a client has 10 s for its headers and 30 s for a request, and an idle connection ends", async () => {
  running = await startServer(
    {
      BERTH_PUBLIC_URL: "http://127.0.0.1:8080",
      BERTH_LISTEN: "127.0.0.1:0",
      BERTH_DATA_DIR: folder,
      BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
    },
    () => undefined,
  );
  const { port } = running;
  const server = await serverOf(() => fetch(`http://127.0.0.1:${port}/healthz`));
  expect([server.headersTimeout, server.requestTimeout, server.keepAliveTimeout]).toEqual([
    10_000, 30_000, 65_000,
  ]);
  expect(maxHeaderSize).toBe(16 * 1024);
});
