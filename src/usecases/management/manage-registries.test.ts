import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../../test/support/baseline.ts";
import { keysOn } from "../../../test/support/key-world.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Registry } from "../../domain/access/registry.ts";
import type { DeclaredRegistry } from "../../domain/accounts/declaration.ts";
import { err, ok } from "../../domain/result.ts";
import {
  deleteRegistry,
  findRegistry,
  listRegistries,
  putRegistry,
  type RegistryDeps,
} from "./manage-registries.ts";

const ZOT = "zot.example.com";
const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const OPERATOR = aChangeBy(AN_OPERATOR);

let world: ManagementWorld;
let deps: RegistryDeps;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
  const { maker } = keysOn({ directory: world.directory, ledger: world.ledger }, world.clock).deps;
  deps = { ...world.deps, ledger: world.ledger, maker };
});
afterEach(() => world.close());

function declared(change: Partial<DeclaredRegistry> = {}): DeclaredRegistry {
  const { managedBy: _, ...registry } = aRegistry({ service: ZOT, url: "https://zot.example.com" });
  return { ...registry, ...change };
}

const put = (change: Partial<DeclaredRegistry> = {}, context = OPERATOR) =>
  putRegistry(deps, declared(change), context);
const stored = async (service = ZOT): Promise<Registry | undefined> =>
  (await world.directory.readSystem()).registries.find((registry) => registry.service === service);
const keys = async () => (await world.directory.readKeys()).map(({ use, status }) => `${use} ${status}`);

describe("listRegistries and findRegistry", () => {
  it("show them by service", async () => {
    await put({ service: "a.example.com" });
    await put();
    const value = { ...declared(), managedBy: "api" };
    const listed = await listRegistries(deps);
    expect(listed.ok && listed.value.map((entry) => entry.value.service)).toEqual([
      "a.example.com",
      SERVICE,
      ZOT,
    ]);
    expect(listed.ok && listed.value[2]).toEqual({ value, version: VERSION });
    expect(await findRegistry(deps, ZOT)).toEqual(ok({ value, version: VERSION }));
  });

  it("list them so in whatever order a store has them", async () => {
    await put();
    const records = await world.directory.readSystem();
    const directory = Object.assign(Object.create(world.directory), {
      readSystem: async () => ({ ...records, registries: records.registries.toReversed() }),
    });
    expect(await listRegistries({ directory })).toEqual(await listRegistries(deps));
  });

  it("know no other", async () => {
    expect(await findRegistry(deps, ZOT)).toEqual(err({ reason: "registry_unknown", detail: ZOT }));
  });

  it("refuse while the store does not answer", async () => {
    world.breakStore();
    expect(await listRegistries(deps)).toMatchObject(err({ reason: "store_unavailable" }));
    expect(await findRegistry(deps, ZOT)).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("putRegistry", () => {
  it("registers one, with its record and without a key", async () => {
    expect(await put()).toEqual(ok({ value: { ...declared(), managedBy: "api" }, version: VERSION }));
    expect(await stored()).toEqual({ ...declared(), managedBy: "api" });
    const { service: _, ...shown } = declared();
    expect(await world.events()).toEqual([
      {
        kind: "directory.changed",
        at: world.clock.now(),
        requestId: "request-1",
        clientAddress: "192.0.2.7",
        actor: "token:2",
        registry: ZOT,
        changes: [{ object: `registry ${ZOT}`, after: { ...shown, managedBy: "api" } }],
      },
    ]);
    expect(await keys()).toEqual([]);
  });

  it("replaces it, and does nothing for what is there already", async () => {
    await put();
    await put({ tokenSeconds: 60 });
    expect(await stored()).toMatchObject({ tokenSeconds: 60 });
    await put({ tokenSeconds: 60 });
    expect((await world.events()).map(({ changes }) => changes?.[0]?.after)).toEqual([
      { tokenSeconds: 60 },
      expect.objectContaining({ tokenSeconds: 300 }),
    ]);
    expect(await stored(SERVICE)).toEqual(aRegistry());
  });

  it("makes the key of one that has its own, once", async () => {
    await put({ tokenForm: "pinned" });
    expect(await keys()).toEqual(["pinned active"]);
    await put({ tokenForm: "pinned", tokenSeconds: 60 });
    expect(await keys()).toEqual(["pinned active"]);
  });

  it("makes the key that a crash has left out", async () => {
    const lost = { ...deps, maker: { ...deps.maker, make: () => Promise.reject(new Error("killed")) } };
    await expect(putRegistry(lost, declared({ tokenForm: "pinned" }), OPERATOR)).rejects.toThrow("killed");
    expect(await keys()).toEqual([]);
    expect((await put({ tokenForm: "pinned" })).ok).toBe(true);
    expect(await keys()).toEqual(["pinned active"]);
  });

  it.each([
    {
      what: "a file's",
      change: { service: SERVICE, tokenForm: "pinned" as const },
      context: OPERATOR,
      error: { reason: "managed_elsewhere", detail: "file" },
    },
    {
      what: "another version",
      change: {},
      context: aChangeBy(AN_OPERATOR, { ifMatch: "other" }),
      error: { reason: "precondition_failed" },
    },
    {
      what: "all but an operator",
      change: {},
      context: aChangeBy(),
      error: { reason: "insufficient_scope" },
    },
    { what: "a CI job", change: {}, context: aChangeBy(A_JOB), error: { reason: "insufficient_scope" } },
  ])("refuses $what, and writes nothing", async ({ change, context, error }) => {
    expect(await put(change, context)).toEqual(err(error));
    expect(await stored()).toBeUndefined();
    expect(await stored(SERVICE)).toEqual(aRegistry());
    expect(await keys()).toEqual([]);
    expect(await world.events()).toEqual([]);
  });

  it("refuses while the store does not answer", async () => {
    world.breakStore();
    expect(await put({ tokenForm: "pinned" })).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("deleteRegistry", () => {
  const remove = (service = ZOT, force = false) => deleteRegistry(deps, service, { force }, OPERATOR);

  it("removes one that no permission names, and keeps its key", async () => {
    await put({ tokenForm: "pinned" });
    expect(await remove()).toEqual(ok(undefined));
    expect(await stored()).toBeUndefined();
    expect(await keys()).toEqual(["pinned active"]);
    const [event] = await world.events();
    expect(event).toMatchObject({ kind: "directory.changed", registry: ZOT });
    expect(event?.changes).toEqual([
      { object: `registry ${ZOT}`, before: expect.objectContaining({ tokenForm: "pinned" }) },
    ]);
  });

  it("refuses while permissions name it, and says how many", async () => {
    await put();
    const permission = (registry: string) => ({ registry, repository: "acme/app", role: "read" as const });
    await world.put({ robots: [{ permissions: [permission(ZOT), permission(SERVICE)] }] });
    expect(await remove()).toEqual(err({ reason: "in_use", detail: "permissions that name it: 1" }));
    expect(await stored()).toBeDefined();
    expect(await remove(ZOT, true)).toEqual(ok(undefined));
    expect(await stored()).toBeUndefined();
  });

  it.each([
    { what: "an unknown one", service: ZOT, error: { reason: "registry_unknown", detail: ZOT } },
    { what: "a file's", service: SERVICE, error: { reason: "managed_elsewhere", detail: "file" } },
  ])("refuses $what", async ({ service, error }) => {
    expect(await remove(service, true)).toEqual(err(error));
    expect(await world.events()).toEqual([]);
  });
});
