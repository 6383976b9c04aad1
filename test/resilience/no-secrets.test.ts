import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { credentialFor, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import { provokeRefusals } from "./support/every-refusal.ts";
import { LeakSearch } from "./support/leak-search.ts";

describeOnEachStore("a run with every kind of secret", (startWorld) => {
  it("shows none of them, nor a part, in an output, a file or a command line", async () => {
    const world = await startWorld();
    try {
      const secrets = new LeakSearch();
      const env = {
        BERTH_LOG_LEVEL: "debug",
        ...encryptionKey(secrets),
        ...(await redisPassword(world, secrets)),
      };
      const berth = await world.start({ env });
      const identityToken = await world.issuer.sign();
      const retryKey = `retry-${randomUUID()}`;
      const credential = await credentialFor(berth, identityToken, { retry_key: retryKey });
      const registryJwt = String((await registryToken(berth, { password: credential })).body.token);
      secrets.add("identity token", identityToken);
      secrets.add("retry key", retryKey);
      secrets.add("credential", credential);
      secrets.add("registry token", registryJwt);

      const made = await world.command(env, "robots", "token", "acme+builder");
      const robotToken = made.stdout.trim();
      secrets.add("robot token", robotToken);
      expect((await registryToken(berth, { password: robotToken })).status).toBe(200);
      const hashed = await world.command(env, "robots", "token", "acme+builder", "--hash");
      secrets.add("declared robot token", hashed.stdout.trim());
      const others = [
        ["keys", "list"],
        ["keys", "ca"],
        ["keys", "rotate", "x5c"],
        ["robots", "token", robotToken],
      ];
      const runs = await Promise.all(others.map((args) => world.command(env, ...args)));

      const reasons = await provokeRefusals(
        world,
        berth,
        { identityToken, credential, robotToken },
        (token) => secrets.add("refused identity token", token),
      );
      for (const reason of reasons) expect(berth.output()).toContain(`"reason":"${reason}"`);

      expect(secrets.names).toEqual([
        "credential",
        "declared robot token",
        "encryption key",
        "identity token",
        ...(world.onRedis ? ["password of Redis"] : []),
        "refused identity token",
        "registry token",
        "retry key",
        "robot token",
      ]);
      expect(secrets.inCommandLine(berth.pid)).toEqual([]);
      // With the write-ahead log there, and once it is merged.
      await expectCleanFiles(world, secrets);
      expect(await berth.stop()).toBe(0);
      await expectCleanFiles(world, secrets);
      const printed = [made.stderr, hashed.stderr, ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr])];
      expect(secrets.in([berth.output(), ...printed].join("\n"))).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

/** A key of this run's own, which is searched for as it is written and as bytes. */
function encryptionKey(secrets: LeakSearch): Record<string, string> {
  const key = randomBytes(32);
  for (const encoding of ["base64", "base64url", "hex", "latin1"] as const) {
    secrets.add("encryption key", key.toString(encoding));
  }
  return { BERTH_ENCRYPTION_KEY: `k1:${key.toString("base64")}` };
}

/** Gives the world's Redis a password, if it has one to give it to. */
async function redisPassword(world: BerthWorld, secrets: LeakSearch): Promise<Record<string, string>> {
  if (!world.onRedis) return {};
  const password = randomBytes(24).toString("hex");
  secrets.add("password of Redis", password);
  const client = new Redis(world.redis.url);
  await client.config("SET", "requirepass", password);
  client.disconnect();
  return { BERTH_REDIS_URL: world.redis.url.replace("redis://", `redis://:${password}@`) };
}

async function expectCleanFiles(world: BerthWorld, secrets: LeakSearch): Promise<void> {
  const found = secrets.inFolder(world.folder);
  expect(Object.keys(found)).toContain(world.onRedis ? "appendonly.aof.1.incr.aof" : "berth.db");
  expect(Object.values(found).flat()).toEqual([]);
}

it("the search finds any twenty characters of a secret, and no fewer", () => {
  const folder = mkdtempSync(join(tmpdir(), "berth-leak-"));
  try {
    const secret = randomBytes(30).toString("hex");
    const secrets = new LeakSearch();
    secrets.add("planted", secret);
    writeFileSync(join(folder, "whole"), Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret)]));
    writeFileSync(join(folder, "part"), `x${secret.slice(7, 27)}x`);
    writeFileSync(join(folder, "less"), secret.slice(7, 26));
    expect(secrets.inFolder(folder)).toEqual({ whole: ["planted"], part: ["planted"], less: [] });
    expect(() => secrets.add("short", secret.slice(0, 19))).toThrow("too short");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
