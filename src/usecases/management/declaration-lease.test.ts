import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aDeclaration,
  CREATED,
  DeclarationStore,
  declaredRobot,
  EMPTY,
} from "../../../test/support/declaration-store.ts";
import { declarationDigest } from "../../domain/accounts/declaration.ts";
import { UnavailableError } from "../ports.ts";

const LEASE = "declaration";

let store: DeclarationStore;
beforeEach(() => {
  store = new DeclarationStore();
});
afterEach(() => store.close());

describe("the lease", () => {
  it("is given back", async () => {
    await store.applied(aDeclaration());
    expect(await store.other.acquireLease(LEASE, "other", 30)).toBe(true);
  });

  it("of one who ended in the middle of a run is waited out", async () => {
    await store.other.acquireLease(LEASE, "gone", 30);
    expect(await store.applied(aDeclaration())).toEqual(CREATED);
    expect(store.clock.now()).toBe(1_800_000_030_000);
    expect(store.clock.waits).toHaveLength(60);
  });

  it("of one who goes on and on is a conflict after a minute", async () => {
    await store.other.acquireLease(LEASE, "busy", 30);
    const waitUntil = store.clock.waitUntil.bind(store.clock);
    store.clock.waitUntil = async (moment) => {
      await waitUntil(moment);
      await store.other.acquireLease(LEASE, "busy", 30);
    };
    expect(await store.apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "another process applies a declaration" },
    });
    expect(store.clock.now()).toBe(1_800_000_060_000);
    expect(await store.other.listNamespaces()).toEqual([]);
  });

  it("is worth another look at what was applied: two that start at once apply a file once", async () => {
    await store.other.acquireLease(LEASE, "first", 30);
    const waitUntil = store.clock.waitUntil.bind(store.clock);
    store.clock.waitUntil = async (moment) => {
      await waitUntil(moment);
      await store.other.writeDeclarationState("file", {
        digest: await declarationDigest(aDeclaration()),
        revision: 0,
      });
      await store.other.releaseLease(LEASE, "first");
    };
    expect(await store.apply(aDeclaration())).toMatchObject({ ok: true, value: { alreadyApplied: true } });
    expect(await store.other.listNamespaces()).toEqual([]);
  });

  const losesLease = async () => {
    store.clock.advance(30_001);
    expect(await store.other.acquireLease(LEASE, "thief", 30)).toBe(true);
  };
  const TAKEN_OVER = { ok: false, error: { reason: "conflict", detail: "another process took over" } };

  it("when it is lost ends the run before its next write", async () => {
    store.directory.beforeSystemCommit = losesLease;
    expect(await store.apply(aDeclaration())).toEqual(TAKEN_OVER);
    expect((await store.other.readSystem()).issuers).toHaveLength(1);
    expect(await store.other.listNamespaces()).toEqual([]);
  });

  it("when it is lost at the end leaves the state to who came after", async () => {
    await store.applied(aDeclaration());
    store.directory.beforeSystemCommit = losesLease;
    expect(await store.apply({ ...EMPTY, namespaces: aDeclaration().namespaces, revision: 1 })).toEqual(
      TAKEN_OVER,
    );
    expect(await store.other.readDeclarationState("file")).toEqual({ digest: "", revision: 1 });
  });
});

describe("a run that ended half-way", () => {
  const down = async () => {
    throw new UnavailableError("the store does not answer");
  };

  it("is refused as unavailable, and done again by the next", async () => {
    store.directory.beforeNamespaceCommit = down;
    expect(await store.apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "store_unavailable", detail: "the store does not answer" },
    });
    const after = await store.apply(aDeclaration(), store.other);
    expect(after.ok && after.value.objects.map(({ outcome }) => outcome)).toEqual([
      "unchanged",
      "unchanged",
      "created",
      "created",
    ]);
  });

  it("does not pass for the declaration before it", async () => {
    await store.applied(aDeclaration());
    store.directory.beforeNamespaceCommit = down;
    const robots = [declaredRobot({ enabled: false })];
    const namespaces = [{ name: "acme", kind: "organization", enabled: true, robots }] as const;
    await store.apply(aDeclaration({ issuers: [], namespaces }));
    expect(await store.apply(aDeclaration(), store.other)).toMatchObject({
      ok: true,
      value: { alreadyApplied: false },
    });
  });

  it("still counts by its revision", async () => {
    store.directory.beforeNamespaceCommit = down;
    await store.apply(aDeclaration({ revision: 2 }));
    expect(await store.apply(aDeclaration({ revision: 1 }), store.other)).toMatchObject({
      ok: false,
      error: { reason: "stale_revision" },
    });
  });
});
