import { Hono } from "hono";
import { expect, it } from "vitest";
import { trustedProxies } from "../../adapters/runtime/trusted-proxies.ts";
import type { AppEnv } from "../deps.ts";
import { clientAddress } from "./client-address.ts";

const isTrustedProxy = trustedProxies(["10.0.0.0/8"]);

async function addressOf(
  peer: string | undefined,
  forwarded: string | undefined,
): Promise<string | undefined> {
  let address: string | undefined;
  const app = new Hono<AppEnv>();
  app.use(clientAddress({ peerAddress: () => peer, isTrustedProxy }));
  app.get("/", (c) => {
    address = c.get("clientAddress");
    return c.body(null);
  });
  await app.request("/", { headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } });
  return address;
}

it.each([
  ["no connection", undefined, "203.0.113.9", undefined],
  ["no header", "10.0.0.1", undefined, "10.0.0.1"],
  ["an empty header", "10.0.0.1", "", "10.0.0.1"],
  ["a client's own header", "203.0.113.9", "192.0.2.1", "203.0.113.9"],
  ["a proxy's word", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["two proxies", "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["what the client wrote before it", "10.0.0.1", "192.0.2.1, 203.0.113.9,10.0.0.2", "203.0.113.9"],
  ["a client that names a proxy", "10.0.0.1", "10.0.0.9, 203.0.113.9", "203.0.113.9"],
  ["proxies alone", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.1"],
  ["a mapped address", "10.0.0.1", "203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"],
])("%s", async (_, peer, forwarded, expected) => {
  expect(await addressOf(peer, forwarded)).toBe(expected);
});
