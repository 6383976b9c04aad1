import { createServer, type Socket } from "node:net";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { onClientError } from "./client-errors.ts";

const server = createServer();
const sockets: Socket[] = [];
let client: Redis;
const heard: unknown[] = [];

beforeEach(async () => {
  server.on("connection", (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  client = new Redis({
    host: "127.0.0.1",
    port: port ?? 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  onClientError(client, (fault) => heard.push(fault));
  await new Promise((resolve) => client.once("connect", () => resolve(undefined)));
});
afterEach(() => {
  client.disconnect();
  for (const socket of sockets) socket.destroy();
  server.close();
});

it("a second error of one socket ends nothing", async () => {
  const { stream } = client;
  const [first, second] = [new Error("first"), new Error("second")];
  stream.emit("error", first);
  expect(() => stream.emit("error", second)).not.toThrow();
  stream.destroy();
  await vi.waitUntil(() => client.status === "end");
  expect(heard).toStrictEqual([first]);
});
