import { type ClientRequest, request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  credentialFor,
  exchange,
  formOf,
  ID_TOKEN,
  registryToken,
  TOKEN_EXCHANGE,
} from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore, describeOnRedis } from "./support/berth-world.ts";
import { KeepAliveLoad } from "./support/keep-alive-load.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const UNDER_WAY = 20;
/** A stop waits for requests, and for nothing else. */
const WITHIN_MS = 5000;

/** An exchange of which Berth has the headers and not the body yet. */
interface HalfSent {
  /** Sends the body; resolves with the status. */
  finish(): Promise<number>;
}

/** Resolves when Berth has said that it waits for the body: the request is under way. */
async function sendHalf(berth: RunningBerth, identityToken: string): Promise<HalfSent> {
  const body = formOf({
    grant_type: TOKEN_EXCHANGE,
    subject_token: identityToken,
    subject_token_type: ID_TOKEN,
    robot: "acme+builder",
  }).toString();
  const sent: ClientRequest = request({
    host: "127.0.0.1",
    port: berth.port,
    path: "/oauth2/token",
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": Buffer.byteLength(body),
      expect: "100-continue",
    },
  });
  const status = new Promise<number>((resolve, reject) => {
    sent.once("error", reject);
    sent.once("response", (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
  });
  sent.flushHeaders();
  await new Promise((resolve) => sent.once("continue", resolve));
  return {
    finish: () => {
      sent.end(body);
      return status;
    },
  };
}

function refusesConnections({ port }: RunningBerth): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });
}

describeOnEachStore("at SIGTERM", (startWorld) => {
  let world: BerthWorld;
  let berth: RunningBerth;
  beforeEach(async () => {
    world = await startWorld();
    berth = await world.start();
  });
  afterEach(() => world.close());

  it("answers what is under way, takes no more, and ends well", async () => {
    const halves = await Promise.all(
      Array.from({ length: UNDER_WAY }, async () => sendHalf(berth, await world.issuer.sign())),
    );
    const stopped = berth.stop();
    await vi.waitFor(async () => expect(await refusesConnections(berth)).toBe(true), {
      timeout: 5000,
      interval: 5,
    });
    const finishedAt = performance.now();
    const statuses = await Promise.all(halves.map((half) => half.finish()));
    expect(statuses).toEqual(halves.map(() => 200));
    expect(await stopped).toBe(0);
    expect(performance.now() - finishedAt).toBeLessThan(WITHIN_MS);
    expect(await world.minted()).toBe(UNDER_WAY);
  });

  it("under load hands out every credential that it has minted", async () => {
    const traffic = world.startTraffic(berth);
    await traffic.more(50);
    const startedAt = performance.now();
    const stopping = berth.stop();
    const restarted = stopping.then(() => world.start({ port: berth.port }));
    const interrupted = traffic.interrupt(restarted);
    expect(await stopping).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
    await interrupted;
    await traffic.stop();
    const handedOut = traffic.jobs.filter(({ credential }) => credential !== undefined);
    expect(await world.minted()).toBe(handedOut.length);
    expect(traffic.failures).toBeGreaterThan(0);
  });

  it("writes the audit events that are still on their way", async () => {
    const credential = await credentialFor(berth, await world.issuer.sign());
    await exchange(berth, await world.issuer.sign({ sub: "repo:acme/app:ref:refs/heads/dev" }));
    await registryToken(berth, { password: credential });
    await registryToken(berth, { password: credential.replace("brc_", "brp_") });
    expect(await berth.stop()).toBe(0);
    const kinds = (await world.events())
      .map(({ kind }) => kind)
      .filter((kind) => kind !== "directory.changed" && kind !== "keys.changed");
    expect(kinds.toSorted()).toEqual([
      "exchange.granted",
      "exchange.refused",
      "registry_token.granted",
      "registry_token.refused",
    ]);
  });
});

describeOnEachStore("at SIGTERM with a time to leave", (startWorld) => {
  it("tells load balancers first, and no client that keeps its connection sees an error", async () => {
    const world = await startWorld();
    try {
      const berth = await world.start({ env: { BERTH_DRAIN_SECONDS: "5" } });
      const load = new KeepAliveLoad(world.issuer, berth.port);
      await vi.waitUntil(() => load.answered > 50, { timeout: 60_000, interval: 20 });
      const stopped = berth.stop();
      await vi.waitFor(async () => {
        const ready = await berth.request("/readyz");
        expect([ready.status, await ready.json()]).toMatchObject([503, { status: "stopping" }]);
      });
      const { answered, connections } = load;
      // As a load balancer that looks again and again, and takes it out only then.
      await vi.waitUntil(() => load.answered > answered + 20, { timeout: 4000, interval: 20 });
      expect(load.connections).toBeGreaterThan(connections);
      await load.stop();
      expect(load.troubles).toEqual([]);
      expect(await stopped).toBe(0);
      expect(await refusesConnections(berth)).toBe(true);
      expect(await world.minted()).toBe(load.answered / 2);
    } finally {
      await world.close();
    }
  });
});

describe("at SIGTERM with a store that is down", () => {
  describeOnRedis("Redis", (startWorld) => {
    it("ends all the same, and says what is lost", async () => {
      const world = await startWorld();
      try {
        const berth = await world.start();
        await exchange(berth, await world.issuer.sign({ sub: "repo:acme/app:ref:refs/heads/dev" }));
        await world.redis.kill();
        const startedAt = performance.now();
        expect(await berth.stop()).toBe(0);
        expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
        expect(berth.output()).toContain('"message":"audit events lost"');
      } finally {
        await world.close();
      }
    });
  });
});
