import { describe, expect, it } from "vitest";
import { aNamespace, aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld, anInstance, ENCRYPTION } from "../../../test/support/key-world.ts";
import { initKeys } from "./init-keys.ts";
import { listKeys } from "./list-keys.ts";
import { openKeys } from "./open-keys.ts";

const DAY = 24 * 3600;
const MEND =
  ". Put that encryption key back, or, if it is lost, run `berth keys init --new-ca`, which removes what cannot be read";

describe("openKeys", () => {
  it("says so when it has made the CA of a fresh store, and only then", async () => {
    const { deps } = anInstance();
    const first = await openKeys(deps, "request-1");
    const [ca] = await listKeys(deps);
    expect(first).toEqual({ ok: true, value: { ca, newCa: true } });
    expect(await openKeys(deps, "request-2")).toEqual({ ok: true, value: { ca, newCa: false } });
  });

  it("names each record that cannot be read, and the mend", async () => {
    const { ring, store, clock } = await aKeyWorld();
    await ring.jwks();
    const other = { ...ENCRYPTION, id: "other" };
    expect(await openKeys(anInstance(store, clock, [other]).deps, "request-2")).toEqual({
      ok: false,
      error: ["ca-1", "kid-1"].map(
        (name) =>
          `key record "${name}" is encrypted under the key id "main", which BERTH_ENCRYPTION_KEY does not list${MEND}`,
      ),
    });
    const wrong = { id: "main", key: new Uint8Array(32).fill(1) };
    expect(await openKeys(anInstance(store, clock, [wrong]).deps, "request-2")).toMatchObject({
      ok: false,
      error: [
        expect.stringContaining('key record "ca-1" does not open'),
        expect.stringContaining('key record "kid-1" does not open'),
      ],
    });
  });

  it("stops at a store that has records but no CA", async () => {
    const { deps, store } = anInstance();
    store.namespaces.push(aNamespace());
    expect(await openKeys(deps, "request-1")).toEqual({
      ok: false,
      error: [expect.stringContaining("berth keys init --new-ca")],
    });
    expect(store.names()).toEqual([]);
  });

  it("stops when the CA has expired", async () => {
    const { deps, clock } = await aKeyWorld();
    clock.advance(3653 * DAY - 1);
    expect(await openKeys(deps, "request-2")).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await openKeys(deps, "request-2")).toEqual({
      ok: false,
      error: [
        'key record "ca-1": the CA certificate has expired. Run `berth keys init --new-ca` and give every registry the new one',
      ],
    });
  });

  it("opens a pinned key past its certificate: the registry holds the key, and a rotation needs both", async () => {
    const { ring, deps, clock } = await aKeyWorld();
    await ring.signingKey(aRegistry({ tokenForm: "pinned" }));
    clock.advance(1000 * DAY);
    await initKeys(deps, { newCa: true }, "request-2");
    clock.advance(2653 * DAY);
    expect(await openKeys(deps, "request-3")).toMatchObject({ ok: true, value: { ca: { name: "ca-2" } } });
  });

  it("removes what is spent before it tries to read it", async () => {
    const { ring, deps, store, clock } = await aKeyWorld();
    await ring.signingKey(aRegistry());
    const leaf = store.key("x5c-1-1");
    store.put({ ...leaf, encryptedPrivateKey: { ...leaf.encryptedPrivateKey, keyId: "lost" } });
    clock.advance(30 * DAY);
    expect(await openKeys(deps, "request-2")).toMatchObject({ ok: true });
    expect(store.names()).toEqual(["ca-1"]);
  });

  it("does not take a fault of ours for an unreadable record", async () => {
    const { store, clock } = await aKeyWorld();
    const broken = anInstance(store, clock, [{ id: "main", key: new Uint8Array(5) }]);
    await expect(openKeys(broken.deps, "request-2")).rejects.toThrow();
  });
});
