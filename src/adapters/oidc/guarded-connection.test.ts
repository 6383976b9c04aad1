import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { guardedGet } from "../../../test/support/guarded-get.ts";
import { issuerOfTest } from "../../../test/support/issuer-of-test.ts";
import type { ResolveAll } from "./guarded-connection.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";

function resolveTo(...addresses: readonly string[]): ResolveAll {
  return (_hostname, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
}

describe("the address", () => {
  // attack 34
  it.each([
    { form: "dotted", host: "127.0.0.1" },
    { form: "decimal", host: "2130706433" },
    { form: "hexadecimal", host: "0x7f.1" },
    { form: "octal", host: "0177.0.0.1" },
    { form: "short", host: "127.1" },
    { form: "zero", host: "0" },
    { form: "full-width digits", host: "１２７.0.0.1" },
    { form: "with a final dot", host: "127.0.0.1." },
    { form: "IPv6", host: "[::1]" },
    { form: "IPv4-mapped", host: "[::ffff:7f00:1]" },
    { form: "metadata", host: "169.254.169.254" },
  ])("of a URL is refused before it is dialled: $form", async ({ host }) => {
    const issuer = await issuerOfTest();
    const url = `https://${host}:${issuer.port}/keys`;
    await expect(guardedGet(issuer, { url, reach: { privateNetwork: false } })).rejects.toMatchObject({
      reason: "address_refused",
    });
    expect(issuer.connections).toBe(0);
  });

  it("of a metadata service is refused on a private network too", async () => {
    const issuer = await issuerOfTest();
    await expect(guardedGet(issuer, { url: "https://169.254.169.254/" })).rejects.toMatchObject({
      reason: "address_refused",
    });
  });

  // attack 34
  it.each([
    { answer: "loopback", addresses: ["127.0.0.1"] },
    { answer: "a public one and loopback", addresses: ["140.82.112.3", "127.0.0.1"] },
    { answer: "loopback and a public one", addresses: ["127.0.0.1", "140.82.112.3"] },
    { answer: "a public one and unique local", addresses: ["140.82.112.3", "fd00::1"] },
    { answer: "none", addresses: [] },
  ])("of a name is refused in the look-up: $answer", async ({ addresses }) => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    const resolve = resolveTo(...addresses);
    await expect(guardedGet(issuer, { resolve, reach: { privateNetwork: false } })).rejects.toMatchObject({
      reason: "address_refused",
    });
    expect(issuer.connections).toBe(0);
  });

  it("of localhost is refused by the system's own look-up", async () => {
    const issuer = await issuerOfTest({ host: "localhost" });
    await expect(guardedGet(issuer, { reach: { privateNetwork: false } })).rejects.toMatchObject({
      reason: "address_refused",
    });
    expect(issuer.connections).toBe(0);
  });

  // attack 35
  it("of a name is dialled as it was looked up, once (DNS rebinding)", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    let lookUps = 0;
    const resolve: ResolveAll = (hostname, callback) => {
      lookUps += 1;
      resolveTo("127.0.0.1")(hostname, callback);
    };
    await guardedGet(issuer, { resolve });
    expect(lookUps).toBe(1);
  });

  // attack 35
  it("is checked once more on the open connection", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    let reads = 0;
    // Public when it is looked at first, loopback when it is dialled.
    const address = {
      family: 4,
      get address() {
        reads += 1;
        return reads === 1 ? "140.82.112.3" : "127.0.0.1";
      },
    };
    await expect(
      guardedGet(issuer, {
        resolve: (_hostname, callback) => callback(null, [address]),
        reach: { privateNetwork: false },
      }),
    ).rejects.toMatchObject({ reason: "address_refused" });
    expect(issuer.connections).toBe(1);
    expect(issuer.requests.jwks).toBe(0);
  });

  it("that a resolver does not know is a failure by its code", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    const unknown = Object.assign(new Error("not for the log"), { code: "ENOTFOUND" });
    await expect(
      guardedGet(issuer, { resolve: (_hostname, callback) => callback(unknown, []) }),
    ).rejects.toMatchObject({
      reason: "connection_failed",
      code: "ENOTFOUND",
    });
  });
});

describe("TLS", () => {
  // attack 40
  it("trusts no other CA than the issuer's", async () => {
    const [issuer, other] = [await issuerOfTest(), await issuerOfTest()];
    await expect(guardedGet(issuer, { reach: { caPem: other.caPem } })).rejects.toMatchObject({
      reason: "connection_failed",
      code: "CERT_SIGNATURE_FAILURE",
    });
  });

  it("trusts the system's CAs alone where the issuer has none", async () => {
    const issuer = await issuerOfTest();
    const fetchDocument = createGuardedFetch();
    await expect(
      fetchDocument(new URL(issuer.url), { privateNetwork: true }, AbortSignal.timeout(10_000)),
    ).rejects.toMatchObject({ reason: "connection_failed", code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });

  // attack 40
  it("takes no certificate for another name", async () => {
    const issuer = await issuerOfTest();
    const url = `https://other.example.com:${issuer.port}/keys`;
    await expect(guardedGet(issuer, { url, resolve: resolveTo("127.0.0.1") })).rejects.toMatchObject({
      reason: "connection_failed",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  // attack 40
  it("takes no certificate that has ended", async () => {
    const issuer = await issuerOfTest({ certificateEndsAt: Date.now() - 86_400_000 });
    await expect(guardedGet(issuer)).rejects.toMatchObject({
      reason: "connection_failed",
      code: "CERT_HAS_EXPIRED",
    });
  });
});

describe("the egress proxy", () => {
  /** Tunnels every CONNECT to 127.0.0.1, whatever its name. */
  async function startProxy(): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket, head) => {
      asked.push(request.url ?? "");
      const target = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.write(head);
        target.pipe(socket).pipe(target);
      });
      for (const each of [target, socket]) each.on("error", () => target.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      proxy.close();
      proxy.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
  }

  it("is the way to a public issuer, whose name it resolves, under the issuer's CA", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    const proxy = await startProxy();
    const { bytes } = await guardedGet(issuer, { egressProxy: proxy.url, reach: { privateNetwork: false } });
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ keys: [issuer.signingKey.publicJwk()] });
    expect(proxy.asked).toEqual([`issuer.example.com:${issuer.port}`]);
  });

  it("is not asked for a private address that is written out", async () => {
    const issuer = await issuerOfTest();
    const proxy = await startProxy();
    await expect(
      guardedGet(issuer, { egressProxy: proxy.url, reach: { privateNetwork: false } }),
    ).rejects.toMatchObject({ reason: "address_refused" });
    expect(proxy.asked).toEqual([]);
  });

  it("is not asked for an issuer of the private network", async () => {
    const issuer = await issuerOfTest();
    const proxy = await startProxy();
    await guardedGet(issuer, { egressProxy: proxy.url });
    expect(proxy.asked).toEqual([]);
  });

  it("that is down is a failure", async () => {
    const issuer = await issuerOfTest({ host: "issuer.example.com" });
    await expect(
      guardedGet(issuer, { egressProxy: "http://127.0.0.1:1", reach: { privateNetwork: false } }),
    ).rejects.toMatchObject({ reason: "connection_failed", code: "ECONNREFUSED" });
  });
});
