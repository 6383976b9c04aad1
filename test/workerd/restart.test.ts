import { afterEach, describe, expect, it } from "vitest";
import { credentialFor, exchange, registryToken } from "../support/requests.ts";
import { applyBaseline, startWorkerWorld, type WorkerWorld } from "../support/worker-world.ts";

let world: WorkerWorld;
afterEach(() => world.close());

/** What is answered, or nothing where the runtime ended in the middle. */
async function outcome(token: string): Promise<string> {
  try {
    const { status, body } = await exchange(world.app, token);
    return status === 200 ? "minted" : String(body.reason);
  } catch {
    return "broken off";
  }
}

const aud = () => ({ aud: world.url });

describe("a Worker that is started again", () => {
  it("knows its keys, its records, its credentials and the identity tokens that were used", async () => {
    world = await startWorkerWorld();
    await applyBaseline(world);
    const used = await world.issuer.sign(aud());
    const credential = await credentialFor(world.app, used);
    const ca = await (await world.app.request("/keys/ca.pem")).text();
    await world.worker.restart();
    expect(await (await world.app.request("/keys/ca.pem")).text()).toBe(ca);
    expect((await registryToken(world.app, { password: credential })).status).toBe(200);
    expect(await outcome(used)).toBe("token_used");
    expect(await outcome(await world.issuer.sign(aud()))).toBe("minted");
  });

  it("after it was killed in the middle of exchanges has minted no identity token twice", async () => {
    world = await startWorkerWorld();
    await applyBaseline(world);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => world.issuer.sign(aud())));
    const first = tokens.map(outcome);
    await Promise.race(first);
    await world.worker.kill();
    const before = await Promise.all(first);
    await world.worker.restart();
    const after = await Promise.all(tokens.map(outcome));
    expect(before).toContain("minted");
    for (const [at, outcomeBefore] of before.entries()) {
      if (outcomeBefore === "minted") expect(after[at]).toBe("token_used");
      else expect(["minted", "token_used"]).toContain(after[at]);
    }
    const again = await Promise.all(tokens.map(outcome));
    expect(new Set(again)).toEqual(new Set(["token_used"]));
  });
});
