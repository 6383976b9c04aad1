import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  A_JOB,
  AN_OPERATOR,
  aCaller,
  aChangeBy,
  ManagementWorld,
} from "../../../test/support/management-world.ts";
import { err, ok } from "../../domain/result.ts";
import {
  createNamespace,
  deleteNamespace,
  findNamespace,
  listNamespaces,
  listReservations,
  releaseNamespace,
  setNamespaceEnabled,
} from "./manage-namespaces.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const NONCE = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const create = (name: string, context = aChangeBy(AN_OPERATOR)) =>
  createNamespace(world.deps, { name, kind: "organization" }, context);
const enable = (enabled: boolean, context = aChangeBy(), name = "acme") =>
  setNamespaceEnabled(world.deps, name, enabled, context);
const remove = (context = aChangeBy(), name = "acme") => deleteNamespace(world.deps, name, context);
const release = (context = aChangeBy(AN_OPERATOR)) =>
  releaseNamespace({ ...world.deps, apiTokens: world.apiTokens }, "acme", context);

describe("createNamespace", () => {
  it("makes one, with its record", async () => {
    const namespace = { name: "beta", kind: "organization", nonce: NONCE, enabled: true, managedBy: "api" };
    expect(await create("beta")).toEqual(ok({ value: namespace, version: VERSION }));
    expect(await world.namespace("beta")).toEqual(namespace);
    expect(await world.events()).toEqual([
      {
        kind: "directory.changed",
        at: world.clock.now(),
        requestId: "request-1",
        clientAddress: "192.0.2.7",
        actor: "token:2",
        namespace: "beta",
        changes: [
          { object: "namespace beta", after: { kind: "organization", enabled: true, managedBy: "api" } },
        ],
      },
    ]);
  });

  it.each([
    { what: "a name that is none", name: "Beta", reason: "name_malformed", detail: "Beta" },
    { what: "a name that is taken", name: "acme", reason: "name_taken", detail: "acme" },
  ])("refuses $what, and writes nothing", async ({ name, ...refusal }) => {
    expect(await create(name)).toMatchObject({
      ok: false,
      error: { reason: refusal.reason, detail: refusal.detail },
    });
    expect(await world.events()).toEqual([]);
  });

  it("refuses a condition, and what an identity token earned, and writes nothing", async () => {
    expect(await create("beta", aChangeBy(AN_OPERATOR, { ifMatch: "*" }))).toEqual(
      err({ reason: "precondition_failed" }),
    );
    expect(await create("beta", aChangeBy(A_JOB))).toEqual(err({ reason: "insufficient_scope" }));
    expect(await world.namespace("beta")).toBeUndefined();
  });

  it("takes no name of one that was removed before it is released", async () => {
    await remove();
    expect(await create("acme")).toEqual(err({ reason: "name_reserved", detail: "acme" }));
    expect(await create("beta")).toMatchObject({ ok: true });
    await release();
    expect(await create("acme")).toMatchObject({ ok: true });
    expect(await world.robot()).toBeUndefined();
  });
});

describe("reading", () => {
  it("finds one, with its version, and lists those that the caller is bound to", async () => {
    await create("beta");
    const acme = await world.namespace();
    expect(await findNamespace(world.deps, "acme")).toEqual(ok({ value: acme, version: VERSION }));
    expect(await listNamespaces(world.deps, aCaller())).toEqual(ok([acme]));
    expect(await listNamespaces(world.deps, AN_OPERATOR)).toEqual(ok([acme, await world.namespace("beta")]));
  });

  it.each(["other", "not a name", "}"])("knows no %s", async (name) => {
    expect(await findNamespace(world.deps, name)).toEqual(err({ reason: "namespace_unknown", detail: name }));
  });

  it("refuses while the store does not answer", async () => {
    world.breakStore();
    const refused = err({ reason: "store_unavailable" });
    expect(await findNamespace(world.deps, "acme")).toMatchObject(refused);
    expect(await listNamespaces(world.deps, AN_OPERATOR)).toMatchObject(refused);
    expect(await listReservations(world.deps)).toMatchObject(refused);
    expect(await release()).toMatchObject(refused);
    expect(await create("beta")).toMatchObject(refused);
    expect(await enable(false)).toMatchObject(refused);
    expect(await remove()).toMatchObject(refused);
  });
});

describe("setNamespaceEnabled", () => {
  it("draws a nonce at each change, and leaves its robots alone", async () => {
    const robot = await world.robot();
    const disabled = await enable(false);
    expect(disabled).toEqual(
      ok({ value: { ...(await world.namespace()), enabled: false, nonce: NONCE }, version: VERSION }),
    );
    const nonce = (await world.namespace())?.nonce;
    await enable(true);
    expect(await world.namespace()).toMatchObject({ enabled: true, nonce: NONCE });
    expect((await world.namespace())?.nonce).not.toBe(nonce);
    expect(await world.robot()).toEqual(robot);
    expect((await world.events())[1]?.changes).toEqual([
      { object: "namespace acme", before: { enabled: true }, after: { enabled: false } },
    ]);
  });

  it("does nothing to what is so already", async () => {
    expect(await enable(true)).toMatchObject(ok({ value: { nonce: "namespace-nonce" } }));
    expect(await world.events()).toEqual([]);
  });

  it("disables what a file manages, which stays the file's, and enables it not", async () => {
    await world.put({ namespace: { managedBy: "file" } });
    expect(await enable(false)).toMatchObject({ ok: true });
    expect(await world.namespace()).toMatchObject({ enabled: false, managedBy: "file" });
    expect(await enable(true)).toEqual(err({ reason: "managed_elsewhere", detail: "file" }));
    expect(await world.events()).toHaveLength(1);
  });

  it("refuses an unknown one, another version, and what an identity token earned", async () => {
    expect(await enable(false, aChangeBy(), "other")).toEqual(
      err({ reason: "namespace_unknown", detail: "other" }),
    );
    expect(await enable(false, aChangeBy({}, { ifMatch: "x" }))).toEqual(
      err({ reason: "precondition_failed" }),
    );
    expect(await enable(false, aChangeBy(A_JOB))).toEqual(err({ reason: "insufficient_scope" }));
    expect(await world.events()).toEqual([]);
  });

  it("takes the version that finding gave", async () => {
    const found = await findNamespace(world.deps, "acme");
    const ifMatch = found.ok ? found.value.version : "";
    expect(await enable(false, aChangeBy({}, { ifMatch }))).toMatchObject({ ok: true });
  });
});

describe("against others who write the same namespace", () => {
  it("tries five times, from what is there by then", async () => {
    world.overtake(4);
    expect(await enable(false)).toMatchObject({ ok: true });
    expect(await world.robot("acme+other")).toBeDefined();
  });

  it("gives up after the fifth time", async () => {
    world.overtake(5);
    expect(await enable(false)).toEqual(err({ reason: "conflict", detail: "acme" }));
    expect(await world.namespace()).toMatchObject({ enabled: true });
    expect(await world.events()).toEqual([]);
  });
});
