import { decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { credentialFor, exchange, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import { type Operate, operatorOf } from "./support/operator.ts";
import type { RunningBerth } from "./support/running-berth.ts";

/** The second of the caches, and the time of the read that fills them again. */
const IN_FORCE_MS = 1500;

/**
 * Asks until the change is seen, and expects that no request which began later than that was answered as before. It
 * counts from the moment at which the change was acknowledged.
 */
async function inForceInTime(isInForce: () => Promise<boolean>): Promise<void> {
  const acknowledged = performance.now();
  for (;;) {
    const began = performance.now();
    if (await isInForce()) return;
    expect(began - acknowledged).toBeLessThan(IN_FORCE_MS);
  }
}

describeOnEachStore("what one server acknowledges", (startWorld) => {
  let world: BerthWorld;
  let here: RunningBerth;
  let elsewhere: RunningBerth;
  let operate: Operate;
  let credential: string;
  beforeEach(async () => {
    world = await startWorld();
    here = await world.start();
    elsewhere = await world.start();
    operate = await operatorOf(world, here);
    // Every cache of the other one is warm.
    credential = await credentialFor(elsewhere, await world.issuer.sign());
    expect((await registryToken(elsewhere, { password: credential })).status).toBe(200);
  });
  afterEach(() => world.close());

  it("of an issuer is in force at another within the second of its caches", async () => {
    await operate("PATCH", `/issuers/${encodeURIComponent(world.issuer.url)}`, { enabled: false });
    await inForceInTime(async () => {
      const { status, body } = await exchange(elsewhere, await world.issuer.sign());
      return status === 400 && body.reason === "issuer_unknown";
    });
    expect((await registryToken(elsewhere, { password: credential })).status).toBe(401);
  });

  it("of a signing key too", async () => {
    const leafOf = async () => {
      const { body } = await registryToken(elsewhere, { password: credential });
      return decodeProtectedHeader(String(body.token)).x5c?.[0];
    };
    const before = await leafOf();
    expect(await world.command({}, "keys", "rotate", "x5c")).toMatchObject({ code: 0 });
    await inForceInTime(async () => (await leafOf()) !== before);
  });

  it("of a robot account is in force at once", async () => {
    await operate("PATCH", "/namespaces/acme/robots/builder", { enabled: false });
    expect((await registryToken(elsewhere, { password: credential })).status).toBe(401);
    expect((await exchange(elsewhere, await world.issuer.sign())).body.reason).toBe("no_match");
  });
});
