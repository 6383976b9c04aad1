import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { type Answer, credentialFor, exchange, registryToken, revoke } from "../support/requests.ts";
import { type BerthWorld, describeOnRedis } from "./support/berth-world.ts";
import { expectAllKept } from "./support/kept-promises.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const WITHIN_MS = 3000;
/** The start of a process, on a machine that does other things as well, and the store's deadline. */
const START_WITHIN_MS = 15_000;
const RECOVERY = { timeout: 10_000, interval: 20 };

interface Outage {
  readonly redis: string;
  readonly begin: (world: BerthWorld) => unknown;
  readonly end: (world: BerthWorld) => unknown;
  /** Whether Redis still answers reads, so that who has a credential may go on. */
  readonly reads: boolean;
}

const OUTAGES: readonly Outage[] = [
  { redis: "is gone", begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.restart(), reads: false },
  {
    redis: "has stopped answering",
    begin: ({ redis }) => redis.pause(),
    end: ({ redis }) => redis.resume(),
    reads: false,
  },
  {
    redis: "has become a replica",
    begin: async (world) => ask(world, "REPLICAOF", "127.0.0.1", await freePort()),
    end: (world) => ask(world, "REPLICAOF", "NO", "ONE"),
    reads: false,
  },
  {
    redis: "has too few replicas to take a write",
    begin: (world) => ask(world, "CONFIG", "SET", "min-replicas-to-write", 1),
    end: (world) => ask(world, "CONFIG", "SET", "min-replicas-to-write", 0),
    reads: true,
  },
  {
    redis: "may evict keys",
    // At the next connection; a server that stays connected is looked at each minute.
    begin: async (world) => {
      await ask(world, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
      await ask(world, "CLIENT", "KILL", "TYPE", "normal");
    },
    end: (world) => ask(world, "CONFIG", "SET", "maxmemory-policy", "noeviction"),
    reads: false,
  },
  {
    redis: "is out of memory",
    begin: (world) => ask(world, "CONFIG", "SET", "maxmemory", 1),
    end: (world) => ask(world, "CONFIG", "SET", "maxmemory", 0),
    reads: true,
  },
];

async function ask(world: BerthWorld, command: string, ...args: (string | number)[]): Promise<void> {
  const client = new Redis(world.redis.url);
  await client.call(command, ...args);
  client.disconnect();
}

async function timed(answer: Promise<Answer>): Promise<Answer & { readonly milliseconds: number }> {
  const startedAt = performance.now();
  return { ...(await answer), milliseconds: performance.now() - startedAt };
}

/** 503 in time, with a time to come back, and nothing that could be a secret. */
async function expectUnavailable(asked: Promise<Answer>): Promise<void> {
  const { status, headers, body, milliseconds } = await timed(asked);
  expect(status).toBe(503);
  expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(JSON.stringify(body)).not.toMatch(/token"|br[cpa]_/);
  expect(milliseconds).toBeLessThan(WITHIN_MS);
}

describeOnRedis("a Redis that", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  describe.each(OUTAGES)("$redis", ({ begin, end, reads }) => {
    let berth: RunningBerth;
    let credential: string;
    beforeEach(async () => {
      berth = await world.start();
      credential = await credentialFor(berth, await world.issuer.sign());
    });

    // attack 8
    it("makes every exchange and revocation a 503, and nothing of it stays", async () => {
      const identityToken = await world.issuer.sign();
      await begin(world);
      await expectUnavailable(exchange(berth, identityToken));
      await expectUnavailable(revoke(berth, credential));
      if (!reads) await expectUnavailable(registryToken(berth, { password: credential }));
      // A second time: the connection is gone by now, or is not.
      await expectUnavailable(exchange(berth, identityToken));
      expect((await berth.request("/healthz")).status).toBe(200);
      expect((await berth.request("/readyz")).status).toBe(503);
      await end(world);

      await vi.waitFor(async () => expect((await exchange(berth, identityToken)).status).toBe(200), RECOVERY);
      expect((await registryToken(berth, { password: credential })).status).toBe(200);
      expect(await world.minted()).toBe(2);
      expect((await revoke(berth, credential)).status).toBe(200);
      expect((await registryToken(berth, { password: credential })).status).toBe(401);
    });
  });

  it("stalls under load keeps what it acknowledged", async () => {
    const berth = await world.start();
    const traffic = world.startTraffic(berth);
    await traffic.more(30);
    const stall = async () => {
      world.redis.pause();
      await expectUnavailable(exchange(berth, await world.issuer.sign()));
      world.redis.resume();
      await vi.waitFor(async () => expect((await berth.request("/readyz")).status).toBe(200), RECOVERY);
      return berth;
    };
    await traffic.interrupt(stall());
    await traffic.more(30);
    await traffic.stop();
    await expectAllKept(world, berth, traffic);
  });
});

describeOnRedis("Berth does not start on a Redis that", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const unusable: readonly (Omit<Outage, "reads"> & { readonly says: string })[] = [
    ...OUTAGES.slice(0, 3).map((outage) => ({
      ...outage,
      says: "Check the URL, the password, and that the server",
    })),
    {
      redis: "may evict keys",
      begin: (world) => ask(world, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru"),
      end: (world) => ask(world, "CONFIG", "SET", "maxmemory-policy", "noeviction"),
      says: "Set maxmemory-policy noeviction",
    },
  ];
  it.each(unusable)("$redis, and says why", async ({ begin, end, says }) => {
    await begin(world);
    const startedAt = performance.now();
    const refusal = await world.start().then(
      () => "it started",
      (fault: Error) => fault.message,
    );
    expect(refusal).toContain("berth serve ended with 2");
    expect(refusal).toContain(says);
    expect(performance.now() - startedAt).toBeLessThan(START_WITHIN_MS);
    await end(world);
    const berth = await world.start();
    expect((await exchange(berth, await world.issuer.sign())).status).toBe(200);
  });
});
