import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, anIssuer, aRobot } from "../../../test/support/baseline.ts";
import {
  aDeclaration,
  aForeignChange,
  CREATED,
  DeclarationStore,
  declaredRobot,
  EMPTY,
} from "../../../test/support/declaration-store.ts";
import { bare } from "../../../test/support/planned-objects.ts";
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
    expect(await store.apply(declaration)).toMatchObject({
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
    expect(await store.other.readDeclarationState("file")).toEqual({ digest, revision: 3 });
  });

  it("records one event for each commit", async () => {
    await store.applied(aDeclaration());
    const common = {
      kind: "directory.changed",
      at: store.clock.now(),
      requestId: "start-1",
      actor: "file",
    };
    const owned = expect.objectContaining({ managedBy: "file" });
    expect(await store.events()).toEqual([
      {
        ...common,
        namespace: "acme",
        detail: "namespace acme created, robot acme+builder created",
        changes: [
          { object: "namespace acme", after: { kind: "organization", enabled: true, managedBy: "file" } },
          { object: "robot acme+builder", after: owned },
        ],
      },
      {
        ...common,
        detail: "issuer https://issuer.example.com created, registry registry.example.com created",
        changes: [
          { object: "issuer https://issuer.example.com", after: owned },
          { object: "registry registry.example.com", after: owned },
        ],
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
    expect((await store.events())[0]).toMatchObject({
      detail: "robot acme+builder changed",
      changes: [{ object: "robot acme+builder", before: { enabled: true }, after: { enabled: false } }],
    });
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
    expect((await store.events())[1]?.changes).toEqual([
      { object: "namespace acme", before: expect.anything() },
      { object: "robot acme+builder", before: expect.anything() },
    ]);
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

  describe("in a namespace that somebody else made", () => {
    const robots = [declaredRobot()];
    const namespaces = [{ name: "acme", kind: "organization", enabled: true, robots }] as const;
    beforeEach(() => store.other.commitNamespace(aForeignChange()));

    it("puts its robots, and takes them out when it is declared no more", async () => {
      await store.applied(aDeclaration({ namespaces }));
      expect((await store.other.findAccount("acme+builder"))?.robot.managedBy).toBe("file");
      expect(await store.applied(aDeclaration({ namespaces: [], revision: 1 }))).toEqual([
        { kind: "issuer", name: "https://issuer.example.com", outcome: "unchanged" },
        { kind: "registry", name: "registry.example.com", outcome: "unchanged" },
        { kind: "robot", name: "acme+builder", outcome: "removed" },
      ]);
      expect(await store.other.findAccount("acme+builder")).toBeUndefined();
      expect((await store.other.readNamespace("acme"))?.namespace).toEqual(aNamespace({ managedBy: "api" }));
    });

    it("leaves it alone where it has nothing in it", async () => {
      const theirs = aRobot({ name: "acme+theirs", managedBy: "api" });
      await store.other.commitNamespace(
        aForeignChange({ fromRevision: 1, namespace: aNamespace({ managedBy: "api" }), putRobots: [theirs] }),
      );
      expect(await store.applied(EMPTY)).toEqual([]);
      expect((await store.other.readNamespace("acme"))?.robots).toEqual([theirs]);
    });
  });

  it("takes the name of a namespace that was removed, and revives nothing", async () => {
    await store.applied(aDeclaration());
    const before = await store.other.findAccount("acme+builder");
    await store.applied(EMPTY);
    expect(await store.other.listReservations()).toHaveLength(1);
    await store.applied(aDeclaration());
    expect(await store.other.listReservations()).toEqual([]);
    expect((await store.other.findAccount("acme+builder"))?.robot.uid).not.toBe(before?.robot.uid);
  });

  it("names fifty objects in an event and counts the rest", async () => {
    const robots = Array.from({ length: 60 }, (_, at) =>
      declaredRobot({ name: `acme+robot-${at}`, rules: [] }),
    );
    await store.applied(
      aDeclaration({ namespaces: [{ name: "acme", kind: "organization", enabled: true, robots }] }),
    );
    const [{ detail = "", changes } = {}] = await store.events();
    expect(changes).toHaveLength(50);
    expect(detail.split(", ")).toHaveLength(51);
    expect(detail).toMatch(/, robot acme\+robot-48 created, 11 more$/);
  });
});

describe("previewDeclaration", () => {
  it("tells what applying would do, and does nothing", async () => {
    await store.applied(aDeclaration());
    const namespaces = [{ name: "beta", kind: "organization", enabled: true, robots: [] }] as const;
    const declaration = aDeclaration({ namespaces, issuers: [] });
    const context = { owner: "file", prune: true, reaches: () => true };
    const steps = await previewDeclaration(store.directory, declaration, context);
    expect(bare(steps.flatMap(({ objects }) => objects))).toEqual([
      { kind: "registry", name: "registry.example.com", outcome: "unchanged" },
      { kind: "namespace", name: "beta", outcome: "created" },
      { kind: "namespace", name: "acme", outcome: "removed" },
      { kind: "robot", name: "acme+builder", outcome: "removed" },
      { kind: "issuer", name: "https://issuer.example.com", outcome: "removed" },
    ]);
    expect((await store.other.listNamespaces()).map(({ name }) => name)).toEqual(["acme"]);
  });
});
