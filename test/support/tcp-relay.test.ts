import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TcpRelay } from "./tcp-relay.ts";
import { until } from "./until.ts";

const FIRST = "127.0.0.1";
const SECOND = "127.0.0.2";

/** Says back what it hears. */
let echo: Server;
let relay: TcpRelay;
const opened: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => void socket.pipe(socket).on("error", () => undefined));
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  relay = await TcpRelay.start((echo.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await relay.stop();
  await new Promise((resolve) => echo.close(resolve));
});

/** A connection through the relay, and all that it has heard. */
function open(localAddress: string) {
  const socket = connect({ port: relay.port, host: "127.0.0.1", localAddress });
  opened.push(socket);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString();
  });
  return {
    socket,
    say: (text: string) => socket.write(text),
    heard: (text: string) => until(text, () => heard === text),
    all: () => heard,
  };
}

describe("a relay that is cut", () => {
  it("lets nothing pass for whom it is cut, and all of it late", async () => {
    const [first, second] = [open(FIRST), open(SECOND)];
    first.say("a");
    second.say("b");
    await Promise.all([first.heard("a"), second.heard("b")]);
    relay.cut((address) => address === FIRST);
    first.say("c");
    second.say("d");
    await second.heard("bd");
    expect(first.all()).toBe("a");
    relay.heal();
    await first.heard("ac");
  });

  it("holds up who connects meanwhile", async () => {
    relay.cut((address) => address === FIRST);
    const [first, second] = [open(FIRST), open(SECOND)];
    first.say("a");
    second.say("b");
    await second.heard("b");
    expect(first.all()).toBe("");
    relay.heal();
    await first.heard("a");
  });
});

it("ends a connection whose server has gone", async () => {
  const { socket, say, heard } = open(FIRST);
  say("a");
  await heard("a");
  const closed = once(socket, "close");
  await relay.stop();
  await closed;
  expect(socket.destroyed).toBe(true);
});
