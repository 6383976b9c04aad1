import type { IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { guardedGet } from "../../../test/support/guarded-get.ts";
import type { IssuerFault } from "../../../test/support/issuer-faults.ts";
import { issuerOfTest } from "../../../test/support/issuer-of-test.ts";

describe("createGuardedFetch", () => {
  it("brings the bytes and the Cache-Control of a document", async () => {
    const issuer = await issuerOfTest();
    issuer.cacheControl = "max-age=600";
    const { bytes, cacheControl } = await guardedGet(issuer);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ keys: [issuer.signingKey.publicJwk()] });
    expect(cacheControl).toBe("max-age=600");
  });

  // attack 33, 36
  it.each<{ fault: IssuerFault; fails: object }>([
    { fault: "down", fails: { reason: "connection_failed", code: "UND_ERR_SOCKET" } },
    { fault: "error", fails: { reason: "status_not_200", code: "500" } },
    { fault: "redirect", fails: { reason: "redirected" } },
    { fault: "huge", fails: { reason: "body_too_large" } },
    { fault: "bomb", fails: { reason: "body_too_large" } },
  ])("fails with $fails of an issuer that is: $fault", async ({ fault, fails }) => {
    const issuer = await issuerOfTest();
    issuer.faults.jwks = fault;
    await expect(guardedGet(issuer)).rejects.toMatchObject(fails);
    expect(issuer.requests.jwks).toBe(1);
  });

  // attack 33
  it("fails at the deadline of a body that comes byte by byte", async () => {
    const issuer = await issuerOfTest();
    issuer.faults.jwks = "slow";
    await expect(guardedGet(issuer, { deadlineMs: 150 })).rejects.toMatchObject({ reason: "timed_out" });
  });

  it("fails at the deadline of a host that never takes up the connection", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const sockets: Socket[] = [];
    mute.on("connection", (socket) => sockets.push(socket));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const issuer = await issuerOfTest();
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/keys`;
    await expect(guardedGet(issuer, { url, deadlineMs: 150 })).rejects.toMatchObject({ reason: "timed_out" });
  });

  it("fails at the deadline of a resolver that never answers", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    const resolve = () => undefined;
    await expect(guardedGet(issuer, { resolve, deadlineMs: 150 })).rejects.toMatchObject({
      reason: "timed_out",
    });
  });

  it.each([
    { change: "http", url: "http://127.0.0.1/keys" },
    { change: "a user in the URL", url: "https://user@127.0.0.1/keys" },
    { change: "a password in the URL", url: "https://:secret@127.0.0.1/keys" },
    { change: "a file", url: "file:///etc/passwd" },
  ])("refuses $change", async ({ url }) => {
    const issuer = await issuerOfTest();
    await expect(guardedGet(issuer, { url })).rejects.toMatchObject({ reason: "url_refused" });
  });

  // attack 38
  it("sends no credentials, and no more than it must", async () => {
    const issuer = await issuerOfTest();
    let seen: IncomingMessage | undefined;
    issuer.onRequest = (request) => {
      seen = request;
    };
    await guardedGet(issuer);
    expect(Object.keys(seen?.headers ?? {}).toSorted()).toEqual([
      "accept",
      "accept-encoding",
      "accept-language",
      "connection",
      "host",
      "sec-fetch-mode",
      "user-agent",
    ]);
  });
});
