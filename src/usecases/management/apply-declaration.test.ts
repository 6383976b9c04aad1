import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, anIssuer, aRegistry } from "../../../test/support/baseline.ts";
import {
  aDeclaration,
  aForeignChange,
  CREATED,
  DeclarationStore,
  declaredRobot,
  EMPTY,
} from "../../../test/support/declaration-store.ts";
import { declarationDigest } from "../../domain/accounts/declaration.ts";
import { previewDeclaration } from "./preview-declaration.ts";

let store: DeclarationStore;
beforeEach(() => {
  store = new DeclarationStore();
});
afterEach(() => store.close());

async function details(): Promise<readonly (string | undefined)[]> {
  return (await store.events()).map(({ detail }) => detail);
}

describe("applyDeclaration", () => {
  it("fills an empty store", async () => {
    const declaration = aDeclaration({ revision: 3 });
    const digest = await declarationDigest(declaration);
    expect(await store.apply(declaration)).toEqual({
      ok: true,
      value: { digest, alreadyApplied: false, objects: CREATED },
    });
    const account = await store.other.findAccount("acme+builder");
    const issuers = (await store.other.readSystem()).issuers;
    expect(issuers).toEqual([anIssuer({ nonce: issuers[0]?.nonce ?? "" })]);
    expect(account?.robot).toMatchObject({ ...declaredRobot(), createdAt: 1_800_000_000, managedBy: "file" });
    const nonces = [account?.namespace.nonce, account?.robot.nonce, account?.robot.uid, issuers[0]?.nonce];
    expect(new Set(nonces).size).toBe(4);
    // 128 bits in base64url.
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await store.other.readDeclarationState()).toEqual({ digest, revision: 3 });
  });

  it("records one event for each commit", async () => {
    await store.applied(aDeclaration());
    expect(await store.events()).toEqual([
      {
        kind: "directory.changed",
        at: store.clock.now(),
        requestId: "start-1",
        detail: "namespace acme created, robot acme+builder created",
      },
      {
        kind: "directory.changed",
        at: store.clock.now(),
        requestId: "start-1",
        detail: "issuer https://issuer.example.com created, registry registry.example.com created",
      },
    ]);
  });

  it("does nothing when the same was the last to be applied", async () => {
    await store.applied(aDeclaration());
    const revision = (await store.other.readNamespace("acme"))?.revision;
    expect(await store.apply(aDeclaration())).toMatchObject({
      ok: true,
      value: { alreadyApplied: true, objects: [] },
    });
    expect((await store.other.readNamespace("acme"))?.revision).toBe(revision);
  });

  it("writes what has changed and nothing else", async () => {
    await store.applied(aDeclaration());
    const before = [await store.other.readSystem(), await store.other.findAccount("acme+builder")];
    const objects = await store.applied(aDeclaration({ revision: 1 }));
    expect(objects).toEqual(CREATED.map((object) => ({ ...object, outcome: "unchanged" })));
    expect([await store.other.readSystem(), await store.other.findAccount("acme+builder")]).toEqual(before);
    expect(await details()).toHaveLength(2);
  });

  it("changes a robot in one commit of its namespace", async () => {
    await store.applied(aDeclaration());
    const robots = [declaredRobot({ enabled: false })];
    const objects = await store.applied(
      aDeclaration({ namespaces: [{ name: "acme", kind: "organization", enabled: true, robots }] }),
    );
    expect(objects.at(-1)).toEqual({ kind: "robot", name: "acme+builder", outcome: "changed" });
    expect((await store.other.findAccount("acme+builder"))?.robot.enabled).toBe(false);
    expect((await details())[0]).toBe("robot acme+builder changed");
  });

  it("removes what is declared no more, system records last", async () => {
    await store.applied(aDeclaration());
    expect(await store.applied(EMPTY)).toEqual([
      { kind: "namespace", name: "acme", outcome: "removed" },
      { kind: "robot", name: "acme+builder", outcome: "removed" },
      { kind: "issuer", name: "https://issuer.example.com", outcome: "removed" },
      { kind: "registry", name: "registry.example.com", outcome: "removed" },
    ]);
    expect(await store.other.findAccount("acme+builder")).toBeUndefined();
    expect(await store.other.readSystem()).toMatchObject({ issuers: [], registries: [] });
    expect((await details()).slice(0, 2)).toEqual([
      "issuer https://issuer.example.com removed, registry registry.example.com removed",
      "namespace acme removed, robot acme+builder removed",
    ]);
  });

  it("leaves namespaces of other owners alone", async () => {
    await store.other.commitNamespace(
      aForeignChange({ name: "theirs", namespace: aNamespace({ name: "theirs", managedBy: "api" }) }),
    );
    expect(await store.applied(EMPTY)).toEqual([]);
    expect(await store.other.listNamespaces()).toHaveLength(1);
  });

  it("names fifty objects in an event and counts the rest", async () => {
    const robots = Array.from({ length: 60 }, (_, at) =>
      declaredRobot({ name: `acme+robot-${at}`, rules: [] }),
    );
    await store.applied(
      aDeclaration({ namespaces: [{ name: "acme", kind: "organization", enabled: true, robots }] }),
    );
    const [detail = ""] = await details();
    expect(detail.split(", ")).toHaveLength(51);
    expect(detail).toMatch(/, robot acme\+robot-48 created, 11 more$/);
  });
});

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
    expect(await store.other.readDeclarationState()).toBeUndefined();
  });

  it("is a conflict when it appears while the run is under way", async () => {
    store.directory.beforeSystemCommit = async () => {
      await store.other.commitNamespace(aForeignChange());
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

describe("previewDeclaration", () => {
  it("tells what applying would do, and does nothing", async () => {
    await store.applied(aDeclaration());
    const namespaces = [{ name: "beta", kind: "organization", enabled: true, robots: [] }] as const;
    expect(
      await previewDeclaration(store.directory, aDeclaration({ namespaces, issuers: [] }), "file"),
    ).toEqual([
      { kind: "registry", name: "registry.example.com", outcome: "unchanged" },
      { kind: "namespace", name: "beta", outcome: "created" },
      { kind: "namespace", name: "acme", outcome: "removed" },
      { kind: "robot", name: "acme+builder", outcome: "removed" },
      { kind: "issuer", name: "https://issuer.example.com", outcome: "removed" },
    ]);
    expect((await store.other.listNamespaces()).map(({ name }) => name)).toEqual(["acme"]);
  });
});
