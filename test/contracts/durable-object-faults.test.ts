import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import type { Redemption } from "../../src/usecases/store-records.ts";
import { aNamespace, aNearMiss, anApiToken, anEvent } from "../support/baseline.ts";
import { describeWithObjects, type ObjectStores, openObjectStores } from "../support/object-stores.ts";
import { aNamespaceChange, aRemoval } from "./directory/changes.ts";
import { aliveIds, MINTED, newHash, newRedemption, redeemAll, tally } from "./ledger/redemptions.ts";

describeWithObjects("Durable Objects that fail", (workerd) => {
  async function openAged(): Promise<ObjectStores> {
    const stores = openObjectStores(workerd());
    await stores.ledger.open();
    await stores.ageEpochs(0);
    return stores;
  }

  describe("an exchange", () => {
    // attack 4
    it("mints one credential of 60 asked for at once", async () => {
      const { ledger } = await openAged();
      const all = Array.from({ length: 60 }, () => newRedemption(systemClock));
      expect(tally(await redeemAll(ledger, all))).toStrictEqual({ minted: 1, used: 59 });
      expect(await aliveIds(ledger, all)).toHaveLength(1);
    });

    it("whose answer is lost with its object is answered all the same, with one credential", async () => {
      const { ledger, callObject } = await openAged();
      const [first, second] = [newRedemption(systemClock), newRedemption(systemClock)];
      await callObject("LEDGER", "07", "dieAtNextRedeem");
      expect(await ledger.redeem(first)).toStrictEqual(MINTED);
      expect(await ledger.redeem(second)).toStrictEqual({ kind: "used" });
      expect(await aliveIds(ledger, [first, second])).toStrictEqual([first.credential.id]);
    });
  });

  describe("a call that is not answered in time", () => {
    /** Long enough for a loaded machine to see an object that does not answer; it does again before the test ends. */
    const STALL_MS = 2000;

    /** Stores of which one object answers nothing for a while, and how to wait for its end. */
    async function stall(
      binding: "LEDGER" | "SYSTEM",
      name: string,
      ask: (stores: ObjectStores) => Promise<unknown>,
    ) {
      const prefix = `${newHash()}:`;
      const patient = openObjectStores(workerd(), { prefix });
      const hasty = openObjectStores(workerd(), { prefix, timeoutMs: 100 });
      const end = patient.callObject(binding, name, "stall", STALL_MS);
      const outage = await vi.waitUntil(
        () =>
          ask(hasty).then(
            () => undefined,
            (fault: unknown) => fault,
          ),
        {
          timeout: STALL_MS,
        },
      );
      expect(outage).toStrictEqual(new UnavailableError("the object is too slow"));
      return { patient, hasty, end };
    }

    it("ends as an outage, and what is asked of other objects does not", async () => {
      const find =
        (shard: string) =>
        ({ ledger }: ObjectStores) =>
          ledger.findCredential(shard + "ab".repeat(16));
      const { hasty, end } = await stall("LEDGER", "07", find("07"));
      expect(await find("08")(hasty)).toBeUndefined();
      await expect(hasty.ledger.redeem(newRedemption(systemClock))).rejects.toThrow(UnavailableError);
      await end;
    });

    it("makes no namespace, where it is the index that does not answer", async () => {
      const { patient, hasty, end } = await stall("SYSTEM", "system", ({ directory }) => directory.ping());
      await expect(hasty.directory.commitNamespace(aNamespaceChange())).rejects.toThrow(UnavailableError);
      await end;
      expect(await patient.directory.readNamespace("acme")).toBeUndefined();
    });
  });

  describe("a namespace", () => {
    /** What a crash between the index and the namespace leaves. */
    const announced = async () => {
      const stores = openObjectStores(workerd());
      await stores.callObject("SYSTEM", "system", "announceNamespace", "acme");
      return stores;
    };

    it("that was announced and never made is nowhere", async () => {
      const { directory, auditLog, sweeper } = await announced();
      expect(await directory.listNamespaces()).toStrictEqual([]);
      expect(await directory.listReservations()).toStrictEqual([]);
      expect(await directory.readNamespace("acme")).toBeUndefined();
      expect(await auditLog.query({}, { limit: 10 })).toStrictEqual({ events: [] });
      expect(await auditLog.purgeSubject("anyone")).toBe(0);
      expect(await sweeper.sweep("near misses", 10, Date.now())).toBe(0);
    });

    it("that was announced is made by whoever comes next, and listed once", async () => {
      const { directory } = await announced();
      expect(await directory.commitNamespace(aNamespaceChange())).toBe("committed");
      expect(await directory.listNamespaces()).toStrictEqual([aNamespace()]);
      expect(await directory.commitNamespace(aNamespaceChange())).toBe("conflict");
      expect(await directory.listNamespaces()).toStrictEqual([aNamespace()]);
    });

    it("that nobody made leaves no storage behind when it is asked for", async () => {
      const { directory, nearMisses, auditLog, callObject } = openObjectStores(workerd());
      await directory.findAccount("nobody+builder");
      await directory.readNamespace("nobody");
      await directory.readRobot("nobody+builder");
      await directory.listRobots("nobody", "", 10);
      await nearMisses.read("nobody", Date.now());
      await auditLog.query({ namespace: "nobody" }, { limit: 10 });
      const tables = () => callObject("NAMESPACES", "nobody", "query", "SELECT name FROM sqlite_schema");
      expect(await tables()).toStrictEqual([]);
      await directory.commitNamespace(aNamespaceChange({ name: "nobody" }));
      expect(await tables()).not.toStrictEqual([]);
    });
  });

  describe("a namespace's object that another release has written", () => {
    const open = async (steps: number) => {
      const stores = openObjectStores(workerd());
      await stores.nearMisses.keep("acme", [], 1, Date.now());
      await expect(stores.callObject("NAMESPACES", "acme", "becomeVersion", steps)).rejects.toThrow();
      return stores;
    };

    it("has this release's schema when it is an older one's", async () => {
      const { directory, nearMisses } = await open(1);
      expect(await directory.commitNamespace(aNamespaceChange())).toBe("committed");
      expect(await directory.listNamespaces()).toStrictEqual([aNamespace()]);
      expect(await nearMisses.read("acme", Date.now())).toStrictEqual({ misses: [], others: 0 });
    });

    it("is not used when it is a newer one's, which is said", async () => {
      const { directory } = await open(99);
      const outage = expect.objectContaining({
        name: "UnavailableError",
        message: expect.stringMatching(
          /^an object of the store has schema version 99, and .*: deploy the newer/,
        ),
      });
      await expect(directory.findAccount("acme+builder")).rejects.toThrow(outage);
    });
  });

  it("keep everything when the runtime is ended and when it is killed", async () => {
    const prefix = `${newHash()}:`;
    const open = () => openObjectStores(workerd(), { prefix });
    const { ledger, directory, apiTokens, nearMisses, ageEpochs } = open();
    await ledger.open();
    await ageEpochs(0);
    const now = Date.now();
    const redemptions: Redemption[] = [];
    const read = async () => {
      const stores = open();
      return {
        namespaces: await stores.directory.listNamespaces(),
        account: await stores.directory.findAccount("acme+builder"),
        reservations: await stores.directory.listReservations(),
        tokens: await stores.apiTokens.list(),
        nearMisses: await stores.nearMisses.read("acme", now),
        alive: await aliveIds(stores.ledger, redemptions),
        events: (await stores.auditLog.query({}, { limit: 100 })).events,
      };
    };
    await directory.commitNamespace(aNamespaceChange());
    await directory.commitNamespace(aNamespaceChange({ name: "gone" }));
    await directory.commitNamespace(aRemoval(1, "gone"));
    await apiTokens.add(anApiToken(), anEvent(now, { kind: "api_token.created" }));
    await nearMisses.keep("acme", [{ miss: aNearMiss(), at: now, requestId: "r" }], 3, now);
    for (const end of ["restart", "kill"] as const) {
      const redemption = newRedemption(systemClock, { replayKey: newHash() });
      expect(await open().ledger.redeem(redemption)).toStrictEqual(MINTED);
      redemptions.push(redemption);
      const before = await read();
      expect(before.alive).toHaveLength(redemptions.length);
      if (end === "kill") await workerd().kill();
      await workerd().restart();
      expect(await read()).toStrictEqual(before);
      const again = newRedemption(systemClock, { replayKey: redemption.replayKey });
      expect(await open().ledger.redeem(again)).toStrictEqual({ kind: "used" });
    }
  });
});
