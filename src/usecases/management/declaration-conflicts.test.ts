import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, aRegistry } from "../../../test/support/baseline.ts";
import {
  aDeclaration,
  aForeignChange,
  DeclarationStore,
  declaredRobot,
  EMPTY,
} from "../../../test/support/declaration-store.ts";

let store: DeclarationStore;
beforeEach(() => {
  store = new DeclarationStore();
});
afterEach(() => store.close());

describe("a declaration's revision", () => {
  it("refuses one below the store's, and writes nothing", async () => {
    await store.applied(aDeclaration({ revision: 2 }));
    expect(await store.apply({ ...EMPTY, revision: 1 })).toEqual({
      ok: false,
      error: { reason: "stale_revision", detail: "the store has revision 2, the declaration 1" },
    });
    expect(await store.other.listNamespaces()).toHaveLength(1);
  });

  it("takes other content under the same revision", async () => {
    await store.applied(aDeclaration({ revision: 2 }));
    expect(await store.applied({ ...EMPTY, revision: 2 })).toHaveLength(4);
  });
});

describe("an object of another owner", () => {
  it("is a conflict, and nothing is written", async () => {
    await store.other.commitSystem({
      fromRevision: 0,
      putIssuers: [],
      removeIssuers: [],
      putRegistries: [aRegistry({ managedBy: "api" })],
      removeRegistries: [],
      event: { kind: "directory.changed", at: 0, requestId: "other" },
    });
    expect(await store.apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "registry registry.example.com is managed by api" },
    });
    expect((await store.other.readSystem()).issuers).toEqual([]);
    expect(await store.other.listNamespaces()).toEqual([]);
    expect(await store.other.readDeclarationState("file")).toBeUndefined();
  });

  it("is a conflict when it appears while the run is under way", async () => {
    store.directory.beforeSystemCommit = async () => {
      const namespace = aNamespace({ kind: "user", managedBy: "api" });
      await store.other.commitNamespace(aForeignChange({ namespace }));
    };
    expect(await store.apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "namespace acme is managed by api" },
    });
  });
});

describe("others who write at the same time", () => {
  it("are waited out: the step is planned anew", async () => {
    await store.applied(aDeclaration());
    let times = 0;
    store.directory.beforeNamespaceCommit = async () => {
      times += 1;
      if (times < 5) await store.touchNamespace();
    };
    const namespaces = [{ name: "acme", kind: "user", enabled: true, robots: [declaredRobot()] }] as const;
    expect((await store.applied(aDeclaration({ namespaces })))[2]).toMatchObject({
      kind: "namespace",
      outcome: "changed",
    });
    expect(times).toBe(5);
  });

  it("are a conflict when they never rest", async () => {
    await store.applied(aDeclaration());
    store.directory.beforeNamespaceCommit = () => store.touchNamespace();
    const namespaces = [{ name: "acme", kind: "user", enabled: true, robots: [declaredRobot()] }] as const;
    expect(await store.apply(aDeclaration({ namespaces }))).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "the records kept changing" },
    });
  });

  it("may have removed a namespace before this run does", async () => {
    await store.applied(aDeclaration());
    store.directory.afterListing = async () => {
      const records = await store.other.readNamespace("acme");
      if (records === undefined) return;
      await store.other.commitNamespace(
        aForeignChange({ fromRevision: records.revision, namespace: undefined }),
      );
    };
    expect((await store.applied(EMPTY)).map(({ kind }) => kind)).toEqual(["issuer", "registry"]);
  });
});
