import { describe, expect, it } from "vitest";
import { aNamespace, aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld, anInstance, ENCRYPTION } from "../../../test/support/key-world.ts";
import { Envelope } from "../../adapters/keys/envelope.ts";
import { PemCaFiles } from "../../adapters/keys/pem-ca-files.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { exportCa } from "./export-ca.ts";
import { importCa } from "./import-ca.ts";

const PASSPHRASE = "a passphrase of some length";
const caFiles = new PemCaFiles(new Envelope([ENCRYPTION], webRandom));

type World = ReturnType<typeof anInstance>;

async function exported(world: World) {
  const done = await exportCa({ ...world.deps, caFiles }, PASSPHRASE, "request-1");
  if (!done.ok) throw new Error(done.error);
  return done.value;
}

function imported(world: World, text: string, { replace = false, passphrase = PASSPHRASE } = {}) {
  return importCa({ ...world.deps, caFiles }, { text, passphrase }, { replace }, "request-2");
}

describe("exportCa", () => {
  it("gives the CA that signs, with an event", async () => {
    const world = await aKeyWorld();
    const { ca, file } = await exported(world);
    expect(ca).toMatchObject({ name: "ca-1", publicJwk: world.store.key("ca-1").publicJwk });
    expect(file).toContain(world.store.key("ca-1").certificatePem);
    expect(world.store.events.at(-1)).toMatchObject({
      kind: "keys.changed",
      requestId: "request-1",
      detail: "key ca-1: exported",
    });
  });

  it("refuses where there is none", async () => {
    const world = anInstance();
    expect(await exportCa({ ...world.deps, caFiles }, PASSPHRASE, "request-1")).toEqual({
      ok: false,
      error: "there is no CA yet: start Berth, or run `berth keys init`",
    });
    expect(world.store.events).toEqual([]);
  });
});

describe("importCa", () => {
  it("gives a fresh store the CA of another, whose leaves registries then accept", async () => {
    const origin = await aKeyWorld();
    const { file } = await exported(origin);
    const world = anInstance();
    expect(await imported(world, file)).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-1" }, changed: true, removed: [] },
    });
    expect(await world.ring.caPem()).toBe(await origin.ring.caPem());
    expect((await world.ring.signingKey(aRegistry())).header).toHaveProperty("x5c");
    expect(world.store.events).toMatchObject([{ kind: "keys.changed", detail: "key ca-1: imported CA" }]);
  });

  it("gives a store back the CA that it has lost, and removes leaves of another", async () => {
    const world = await aKeyWorld();
    const { file } = await exported(world);
    await world.ring.signingKey(aRegistry());
    await world.store.directory.removeKey("ca-1");
    world.store.namespaces.push(aNamespace());
    expect(await imported(world, file)).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-1" }, changed: true, removed: ["x5c-1-1"] },
    });
  });

  it("says so when the store has it", async () => {
    const world = await aKeyWorld();
    await world.ring.signingKey(aRegistry());
    const { file } = await exported(world);
    const before = world.store.keys();
    expect(await imported(world, file)).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-1" }, changed: false, removed: [] },
    });
    expect(world.store.keys()).toEqual(before);
  });

  it("gives a store its own CA back when the encryption key is lost, and what registries trust stays", async () => {
    const origin = await aKeyWorld();
    await origin.ring.jwks();
    const { file } = await exported(origin);
    const before = await origin.ring.caPem();
    const found = { id: "found", key: new Uint8Array(32).fill(4) };
    const world = anInstance(origin.store, origin.clock, [found]);
    const caFiles = new PemCaFiles(new Envelope([found], webRandom));
    const text = { text: file, passphrase: PASSPHRASE };
    expect(await importCa({ ...world.deps, caFiles }, text, { replace: false }, "request-2")).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-2" }, changed: true, removed: ["ca-1", "kid-1"] },
    });
    expect(await world.ring.caPem()).toBe(before);
    expect((await world.ring.signingKey(aRegistry())).header).toHaveProperty("x5c");
  });

  it("leaves another CA in its place, unless told to replace it", async () => {
    const { file } = await exported(await aKeyWorld());
    const world = await aKeyWorld();
    await world.ring.signingKey(aRegistry());
    const before = world.store.keys();
    expect(await imported(world, file)).toEqual({
      ok: false,
      error: "the store has a CA, ca-1: to put this one in its place, say --replace",
    });
    expect(world.store.keys()).toEqual(before);
    expect(await imported(world, file, { replace: true })).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-2" }, changed: true, removed: ["ca-1", "x5c-1-1"] },
    });
    expect(world.store.names()).toEqual(["ca-2"]);
  });

  it("ends what a crash has broken off", async () => {
    const { file } = await exported(await aKeyWorld());
    const world = await aKeyWorld();
    const { removeKey } = world.store.directory;
    world.store.directory.removeKey = () => Promise.reject(new Error("killed"));
    await expect(imported(world, file, { replace: true })).rejects.toThrow("killed");
    world.store.directory.removeKey = removeKey;
    expect(await imported(world, file)).toMatchObject({
      ok: true,
      value: { ca: { name: "ca-2" }, changed: false, removed: ["ca-1"] },
    });
  });

  it("refuses when another Berth makes a CA at that moment", async () => {
    const { file } = await exported(await aKeyWorld());
    const world = anInstance();
    world.store.directory.addKey = async () => false;
    expect(await imported(world, file)).toEqual({
      ok: false,
      error: "another process made a CA at this moment: try again",
    });
    expect(world.store.events).toEqual([]);
  });

  it("writes nothing of a file that it cannot read", async () => {
    const { file } = await exported(await aKeyWorld());
    const world = anInstance();
    const refused = await imported(world, file, { passphrase: "another passphrase" });
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining("does not open") });
    expect(world.store.names()).toEqual([]);
  });
});
