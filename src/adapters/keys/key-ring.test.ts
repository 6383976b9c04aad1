import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { aRegistry } from "../../../test/support/baseline.ts";
import { KeyStore } from "../../../test/support/key-store.ts";
import { aKeyWorld, anInstance, KEY_TEST_NOW } from "../../../test/support/key-world.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { initKeys } from "../../usecases/upkeep/init-keys.ts";
import { openKeys } from "../../usecases/upkeep/open-keys.ts";
import { rotateKeys } from "../../usecases/upkeep/rotate-keys.ts";
import { UnreadableKeyError } from "./envelope.ts";

const DAY = 24 * 3600;
const X5C = aRegistry();
const KID = aRegistry({ tokenForm: "kid" });

describe("KeyRing", () => {
  it("of two Berths that start and sign at one moment leaves one CA, one leaf, one key of each kind", async () => {
    const store = new KeyStore();
    const berths = [anInstance(store), anInstance(store)];
    const opened = await Promise.all(berths.map(({ deps }) => openKeys(deps, "request-1")));
    expect(opened.map((result) => result.ok && result.value.newCa).toSorted()).toEqual([false, true]);
    const signing = await Promise.all(
      [X5C, KID].flatMap((registry) => berths.map(({ ring }) => ring.signingKey(registry))),
    );
    expect(store.names()).toEqual(["ca-1", "kid-1", "x5c-1-1"]);
    expect(signing[0]).toEqual(signing[1]);
    expect(signing[2]).toEqual(signing[3]);
  });

  it("reads the directory once for any number of calls in a second, and again after it", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.signingKey(X5C);
    store.reads = 0;
    await Promise.all(Array.from({ length: 50 }, () => ring.signingKey(X5C)));
    clock.advance(0.999);
    await ring.signingKey(X5C);
    expect(store.reads).toBe(0);
    clock.advance(0.001);
    await Promise.all(Array.from({ length: 50 }, () => ring.signingKey(X5C)));
    expect(store.reads).toBe(1);
  });

  it("reads again when the clock has gone back", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.caPem();
    store.reads = 0;
    clock.advance(-60);
    await ring.caPem();
    expect(store.reads).toBe(1);
  });

  it("hands out, to who asks for what was read last, the same key for so long, and makes none", async () => {
    const { ring, store, clock } = await aKeyWorld();
    const lastGood = ring.lastGood(600_000);
    await expect(lastGood.signingKey(X5C)).rejects.toThrow(UnavailableError);
    await ring.caPem();
    await expect(lastGood.signingKey(X5C)).rejects.toThrow(UnavailableError);
    const key = await ring.signingKey(X5C);
    store.reads = 0;
    clock.advance(599);
    expect(await lastGood.signingKey(X5C)).toBe(key);
    await expect(lastGood.signingKey(KID)).rejects.toThrow(UnavailableError);
    clock.advance(1);
    await expect(lastGood.signingKey(X5C)).rejects.toThrow(UnavailableError);
    expect([store.reads, store.names()]).toEqual([0, ["ca-1", "x5c-1-1"]]);
  });

  it("hands out the same object while a key lives, cold and from many sides", async () => {
    const { ring, clock } = await aKeyWorld();
    const [first, ...rest] = await Promise.all(Array.from({ length: 20 }, () => ring.signingKey(X5C)));
    for (const key of rest) expect(key).toBe(first);
    clock.advance(5);
    expect(await ring.signingKey(X5C)).toBe(first);
  });

  it("makes a missing key once for all who wait for it", async () => {
    const { ring, store } = await aKeyWorld();
    const { addKey } = store.directory;
    const added: string[] = [];
    store.directory.addKey = (key) => {
      added.push(key.name);
      return addKey(key);
    };
    await Promise.all(Array.from({ length: 20 }, () => ring.signingKey(X5C)));
    expect(added).toEqual(["x5c-1-1"]);
  });

  it("forgets the private half of a key that is removed", async () => {
    const { ring, store, clock } = await aKeyWorld();
    const before = await ring.signingKey(KID);
    const record = store.key("kid-1");
    await store.directory.removeKey("kid-1");
    clock.advance(1);
    await ring.caPem();
    store.put(record);
    clock.advance(1);
    expect(await ring.signingKey(KID)).not.toBe(before);
  });

  it("does not publish a CA record that lost its certificate", async () => {
    const { ring, store } = await aKeyWorld();
    const { certificatePem, ...record } = store.key("ca-1");
    expect(certificatePem).toContain("BEGIN CERTIFICATE");
    store.put(record);
    await expect(ring.caPem()).rejects.toThrow('key record "ca-1" has no certificate');
  });

  it("takes another key under the same name for what it is", async () => {
    const { ring, store, clock } = await aKeyWorld();
    const before = await ring.signingKey(KID);
    await store.directory.removeKey("kid-1");
    clock.advance(0.5);
    const other = anInstance(store);
    const after = await other.ring.signingKey(KID);
    clock.advance(0.5);
    expect(await ring.signingKey(KID)).toEqual(after);
    expect(after.kid).not.toBe(before.kid);
  });

  it("makes the next leaf when the last has less than a day left, and drops the old one after its end", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.signingKey(X5C);
    clock.advance(29 * DAY);
    await ring.signingKey(X5C);
    expect(store.names()).toEqual(["ca-1", "x5c-1-1"]);
    clock.advance(1);
    await ring.signingKey(X5C);
    expect(store.names()).toEqual(["ca-1", "x5c-1-1", "x5c-1-2"]);
    expect(store.key("x5c-1-2").notAfter).toBe(KEY_TEST_NOW + 59 * DAY + 1);
    clock.advance(29 * DAY + 1);
    await ring.signingKey(X5C);
    expect(store.names()).toEqual(["ca-1", "x5c-1-2", "x5c-1-3"]);
  });

  it("follows a rotated leaf, and a new CA with its leaf, after a second", async () => {
    const { ring, store, clock, deps } = await aKeyWorld();
    const first = await ring.signingKey(X5C);
    await rotateKeys(deps, { use: "x5c" }, "request-1");
    clock.advance(1);
    const second = await ring.signingKey(X5C);
    expect(second.kid).toBe(store.key("x5c-1-2").publicJwk.kid);
    expect(second.kid).not.toBe(first.kid);
    await initKeys(deps, { newCa: true }, "request-1");
    clock.advance(1);
    await ring.signingKey(X5C);
    expect(store.names()).toEqual(["ca-2", "x5c-2-1"]);
    const leaf = new X509Certificate(store.key("x5c-2-1").certificatePem ?? "");
    expect(leaf.verify(new X509Certificate(await ring.caPem()).publicKey)).toBe(true);
  });

  it("publishes a key id before the first token, so that a registry can be given the file", async () => {
    const { ring, store } = await aKeyWorld();
    const { keys } = await ring.jwks();
    const { publicJwk } = store.key("kid-1");
    expect(keys).toEqual([{ ...publicJwk, alg: "ES256", use: "sig" }]);
    expect(Object.keys(publicJwk)).toEqual(["kty", "crv", "x", "y", "kid"]);
  });

  it("makes no CA, and says what to do, when it is gone", async () => {
    const { ring } = anInstance();
    const message = "the directory has no CA: restore it, or run berth keys init --new-ca";
    await expect(ring.caPem()).rejects.toThrow(message);
    await expect(ring.signingKey(X5C)).rejects.toThrow(message);
  });

  it("gives no old answer while the store is down, and goes on when it is back", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.signingKey(X5C);
    clock.advance(1);
    store.fault = new UnavailableError("down");
    await expect(ring.signingKey(X5C)).rejects.toBe(store.fault);
    await expect(ring.jwks()).rejects.toBe(store.fault);
    store.fault = undefined;
    await expect(ring.signingKey(X5C)).resolves.toBeDefined();
  });

  it("reads keys under an old encryption key, and writes new ones under the first", async () => {
    const { store, clock } = await aKeyWorld();
    const main = { id: "main", key: new Uint8Array(32).fill(9) };
    const next = { id: "next", key: new Uint8Array(32).fill(8) };
    await anInstance(store, clock, [next, main]).ring.signingKey(X5C);
    expect(store.key("ca-1").encryptedPrivateKey.keyId).toBe("main");
    expect(store.key("x5c-1-1").encryptedPrivateKey.keyId).toBe("next");
    await expect(anInstance(store, clock).ring.signingKey(X5C)).rejects.toBeInstanceOf(UnreadableKeyError);
  });

  it("does not sign with a private key that was moved from another record", async () => {
    const { ring, store } = await aKeyWorld();
    await ring.signingKey(KID);
    await ring.signingKey(aRegistry({ tokenForm: "pinned" }));
    const moved = store.key(`pinned-${X5C.service}-1`).encryptedPrivateKey;
    store.put({ ...store.key("kid-1"), encryptedPrivateKey: moved });
    const other = anInstance(store);
    await expect(other.ring.signingKey(KID)).rejects.toBeInstanceOf(UnreadableKeyError);
  });

  it("does not hand out a key that the store has lost at once", async () => {
    const { ring, store } = await aKeyWorld();
    store.directory.addKey = async () => true;
    await expect(ring.signingKey(KID)).rejects.toThrow("the directory lost a key of use kid");
  });
});
