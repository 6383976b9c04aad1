import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loopbackCertificate } from "../../demo/certificate.ts";
import { freePort } from "../../demo/free-port.ts";
import { connectRedis, type RedisConnection } from "../../src/adapters/redis/connection.ts";
import type { ConnectionOptions } from "../../src/adapters/redis/options.ts";
import { checkServer } from "../../src/adapters/redis/server-check.ts";
import { describeWith } from "../support/find-server.ts";
import { findRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

/** The user `berth` may do everything, and nobody else anything. */
const ACL = ["--user", "default", "off", "--user", "berth", "on", ">p%ss", "~*", "+@all"];
const NO_PROBLEM = { problems: [], warnings: [] };

describeWith("redis", findRedis(), "the connection to Redis", () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start(...args: string[]): Promise<RedisServer> {
    const server = await startRedis(args);
    cleanups.push(() => server.stop());
    return server;
  }

  function open(url: string, options: Partial<ConnectionOptions> = {}): RedisConnection {
    const connection = connectRedis({ url, keyPrefix: "", deadlineMs: 1000, ...options });
    cleanups.push(() => connection.close());
    return connection;
  }

  const mend = "Check the URL, the password, and that the server runs and is a primary.";
  const cannot = (why: string) => ({ problems: [`Redis cannot be used: ${why}. ${mend}`], warnings: [] });

  it("finds nothing wrong with a server that keeps what it has", async () => {
    expect(await checkServer(open((await start()).url))).toStrictEqual(NO_PROBLEM);
  });

  // attack 8
  it.each(["allkeys-lru", "volatile-ttl"])("refuses a server that may evict: %s", async (policy) => {
    const { problems } = await checkServer(open((await start("--maxmemory-policy", policy)).url));
    expect(problems).toStrictEqual([
      `Redis may evict keys (maxmemory-policy ${policy}), and an evicted mark is an identity token that works twice. ` +
        "Set maxmemory-policy noeviction.",
    ]);
  });

  it("warns of a server without an append-only file", async () => {
    const report = await checkServer(open((await start("--appendonly", "no")).url));
    expect(report.problems).toStrictEqual([]);
    expect(report.warnings).toHaveLength(1);
  });

  it("says that nobody is there", async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    expect(await checkServer(open(url))).toStrictEqual(cannot("ECONNREFUSED"));
  });

  // attack 10
  it("refuses a replica, whose answers may be old", async () => {
    const { url } = await start("--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "yes");
    expect(await checkServer(open(url))).toStrictEqual(cannot("it is a replica"));
  });

  it("signs in as an ACL user, and says when it may not", async () => {
    const { port } = await start(...ACL);
    expect(await checkServer(open(`redis://berth:p%25ss@127.0.0.1:${port}`))).toStrictEqual(NO_PROBLEM);
    expect(await checkServer(open(`redis://berth:wrong@127.0.0.1:${port}`))).toStrictEqual(
      cannot("WRONGPASS"),
    );
    expect(await checkServer(open(`redis://127.0.0.1:${port}`))).toStrictEqual(cannot("NOAUTH"));
  });

  it("keeps to its database number", async () => {
    const { url } = await start();
    const [zero, three] = [open(url), open(`${url}/3`)];
    await Promise.all([zero.whenReady(), three.whenReady()]);
    await three.send("key", (client) => client.set("key", "value"));
    expect(await zero.send("key", (client) => client.get("key"))).toBeNull();
    expect(await three.send("key", (client) => client.get("key"))).toBe("value");
  });

  it("speaks TLS to a server whose CA it was given, and to no other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "berth-tls-"));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const { cert, key } = await loopbackCertificate();
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const port = await freePort();
    const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile];
    await start("--tls-port", `${port}`, "--tls-auth-clients", "yes", ...files);
    const url = `rediss://127.0.0.1:${port}`;
    expect(await checkServer(open(url, { tls: () => ({ ca: cert, cert, key }) }))).toStrictEqual(NO_PROBLEM);
    expect(await checkServer(open(url))).toStrictEqual(cannot("DEPTH_ZERO_SELF_SIGNED_CERT"));
  });

  it("takes no key prefix that would choose the slot", () => {
    expect(() => open("redis://127.0.0.1:1", { keyPrefix: "{berth}:" })).toThrow(RangeError);
  });
});
