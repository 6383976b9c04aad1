import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, anIssuer, aRegistry, aRobot, aRule } from "../../../test/support/baseline.ts";
import { newSqliteStore, type SqliteStore } from "../../../test/support/sqlite-store.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { SqliteDirectory } from "../../adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../adapters/ledger/sqlite-ledger.ts";
import type { SqliteDatabase } from "../../adapters/sqlite/database.ts";
import {
  type Declaration,
  type DeclaredRobot,
  declarationDigest,
} from "../../domain/accounts/declaration.ts";
import { type CommitOutcome, type NamespaceChange, type SystemChange, UnavailableError } from "../ports.ts";
import { applyDeclaration } from "./apply-declaration.ts";
import { previewDeclaration } from "./preview-declaration.ts";

const LEASE = "declaration";

/** The real directory; a test may do something of its own just before a step. */
class MeddledDirectory extends SqliteDirectory {
  beforeSystemCommit: () => Promise<unknown> = async () => undefined;
  beforeNamespaceCommit: (change: NamespaceChange) => Promise<unknown> = async () => undefined;
  afterListing: () => Promise<unknown> = async () => undefined;

  override async commitSystem(change: SystemChange): Promise<CommitOutcome> {
    await this.beforeSystemCommit();
    return super.commitSystem(change);
  }

  override async commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    await this.beforeNamespaceCommit(change);
    return super.commitNamespace(change);
  }

  override async listNamespaces() {
    const namespaces = await super.listNamespaces();
    await this.afterListing();
    return namespaces;
  }
}

function declaredRobot(change: Partial<DeclaredRobot> = {}): DeclaredRobot {
  const { name, enabled, description, permissions, catalog } = aRobot();
  const { id, nonce, ...rule } = aRule();
  return { name, enabled, description, permissions, catalog, rules: [rule], ...change };
}

function aDeclaration(change: Partial<Declaration> = {}): Declaration {
  const { nonce, managedBy, ...issuer } = anIssuer();
  const { managedBy: _, ...registry } = aRegistry();
  return {
    revision: 0,
    issuers: [issuer],
    registries: [registry],
    namespaces: [{ name: "acme", kind: "organization", enabled: true, robots: [declaredRobot()] }],
    ...change,
  };
}

const EMPTY = aDeclaration({ issuers: [], registries: [], namespaces: [] });
const CREATED = [
  { kind: "issuer", name: "https://issuer.example.com", outcome: "created" },
  { kind: "registry", name: "registry.example.com", outcome: "created" },
  { kind: "namespace", name: "acme", outcome: "created" },
  { kind: "robot", name: "acme+builder", outcome: "created" },
];

let store: SqliteStore;
let db: SqliteDatabase;
let clock: TestClock;
let directory: MeddledDirectory;
/** Another process on the same store. */
let other: SqliteDirectory;
let drawn: number;

beforeEach(() => {
  store = newSqliteStore();
  db = store.connect();
  clock = new TestClock(1_800_000_000_000);
  directory = new MeddledDirectory(db, clock);
  other = new SqliteDirectory(store.connect(), clock);
  drawn = 0;
});
afterEach(() => store.remove());

/** Never the same bytes twice. */
function random(count: number): Uint8Array {
  drawn += 1;
  return new Uint8Array(count).fill(drawn);
}

function apply(declaration: Declaration, by: SqliteDirectory = directory) {
  return applyDeclaration({ directory: by, clock, random }, declaration, {
    owner: "file",
    requestId: "start-1",
  });
}

async function applied(declaration: Declaration) {
  const result = await apply(declaration);
  if (!result.ok) throw new Error(`refused: ${result.error.reason} ${result.error.detail}`);
  return result.value.objects;
}

function details(): Promise<readonly (string | undefined)[]> {
  return new SqliteLedger(db, clock).readEvents(100).then((events) => events.map(({ detail }) => detail));
}

/** Somebody else writes the namespace as it is, so that its revision moves on. */
async function touchNamespace(): Promise<void> {
  const records = await other.readNamespace("acme");
  await other.commitNamespace({
    name: "acme",
    fromRevision: records?.revision ?? 0,
    namespace: records?.namespace ?? aNamespace(),
    putRobots: [],
    removeRobots: [],
    event: { kind: "directory.changed", at: 0, requestId: "other" },
  });
}

describe("applyDeclaration", () => {
  it("fills an empty store", async () => {
    const declaration = aDeclaration({ revision: 3 });
    const digest = await declarationDigest(declaration);
    expect(await apply(declaration)).toEqual({
      ok: true,
      value: { digest, alreadyApplied: false, objects: CREATED },
    });
    const account = await other.findAccount("acme+builder");
    const issuers = (await other.readSystem()).issuers;
    expect(issuers).toEqual([anIssuer({ nonce: issuers[0]?.nonce ?? "" })]);
    expect(account?.robot).toMatchObject({ ...declaredRobot(), createdAt: 1_800_000_000, managedBy: "file" });
    const nonces = [account?.namespace.nonce, account?.robot.nonce, account?.robot.uid, issuers[0]?.nonce];
    expect(new Set(nonces).size).toBe(4);
    // 128 bits in base64url.
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await other.readDeclarationState()).toEqual({ digest, revision: 3 });
  });

  it("records one event for each commit", async () => {
    await applied(aDeclaration());
    expect(await new SqliteLedger(db, clock).readEvents(10)).toEqual([
      {
        kind: "directory.changed",
        at: clock.now(),
        requestId: "start-1",
        detail: "namespace acme created, robot acme+builder created",
      },
      {
        kind: "directory.changed",
        at: clock.now(),
        requestId: "start-1",
        detail: "issuer https://issuer.example.com created, registry registry.example.com created",
      },
    ]);
  });

  it("does nothing when the same was the last to be applied", async () => {
    await applied(aDeclaration());
    const revision = (await other.readNamespace("acme"))?.revision;
    expect(await apply(aDeclaration())).toMatchObject({
      ok: true,
      value: { alreadyApplied: true, objects: [] },
    });
    expect((await other.readNamespace("acme"))?.revision).toBe(revision);
  });

  it("writes what has changed and nothing else", async () => {
    await applied(aDeclaration());
    const before = [await other.readSystem(), await other.findAccount("acme+builder")];
    const objects = await applied(aDeclaration({ revision: 1 }));
    expect(objects).toEqual(CREATED.map((object) => ({ ...object, outcome: "unchanged" })));
    expect([await other.readSystem(), await other.findAccount("acme+builder")]).toEqual(before);
    expect(await details()).toHaveLength(2);
  });

  it("changes a robot in one commit of its namespace", async () => {
    await applied(aDeclaration());
    const robots = [declaredRobot({ enabled: false })];
    const objects = await applied(
      aDeclaration({ namespaces: [{ name: "acme", kind: "organization", enabled: true, robots }] }),
    );
    expect(objects.at(-1)).toEqual({ kind: "robot", name: "acme+builder", outcome: "changed" });
    expect((await other.findAccount("acme+builder"))?.robot.enabled).toBe(false);
    expect((await details())[0]).toBe("robot acme+builder changed");
  });

  it("removes what is declared no more, system records last", async () => {
    await applied(aDeclaration());
    expect(await applied(EMPTY)).toEqual([
      { kind: "namespace", name: "acme", outcome: "removed" },
      { kind: "robot", name: "acme+builder", outcome: "removed" },
      { kind: "issuer", name: "https://issuer.example.com", outcome: "removed" },
      { kind: "registry", name: "registry.example.com", outcome: "removed" },
    ]);
    expect(await other.findAccount("acme+builder")).toBeUndefined();
    expect(await other.readSystem()).toMatchObject({ issuers: [], registries: [] });
    expect((await details()).slice(0, 2)).toEqual([
      "issuer https://issuer.example.com removed, registry registry.example.com removed",
      "namespace acme removed, robot acme+builder removed",
    ]);
  });

  it("leaves namespaces of other owners alone", async () => {
    await other.commitNamespace({
      name: "theirs",
      fromRevision: 0,
      namespace: aNamespace({ name: "theirs", managedBy: "api" }),
      putRobots: [],
      removeRobots: [],
      event: { kind: "directory.changed", at: 0, requestId: "other" },
    });
    expect(await applied(EMPTY)).toEqual([]);
    expect(await other.listNamespaces()).toHaveLength(1);
  });

  it("names fifty objects in an event and counts the rest", async () => {
    const robots = Array.from({ length: 60 }, (_, at) =>
      declaredRobot({ name: `acme+robot-${at}`, rules: [] }),
    );
    await applied(
      aDeclaration({ namespaces: [{ name: "acme", kind: "organization", enabled: true, robots }] }),
    );
    const [detail = ""] = await details();
    expect(detail.split(", ")).toHaveLength(51);
    expect(detail).toMatch(/, robot acme\+robot-48 created, 11 more$/);
  });
});

describe("a declaration's revision", () => {
  it("refuses one below the store's, and writes nothing", async () => {
    await applied(aDeclaration({ revision: 2 }));
    expect(await apply({ ...EMPTY, revision: 1 })).toEqual({
      ok: false,
      error: { reason: "stale_revision", detail: "the store has revision 2, the declaration 1" },
    });
    expect(await other.listNamespaces()).toHaveLength(1);
  });

  it("takes other content under the same revision", async () => {
    await applied(aDeclaration({ revision: 2 }));
    expect(await applied({ ...EMPTY, revision: 2 })).toHaveLength(4);
  });
});

describe("an object of another owner", () => {
  it("is a conflict, and nothing is written", async () => {
    await other.commitSystem({
      fromRevision: 0,
      putIssuers: [],
      removeIssuers: [],
      putRegistries: [aRegistry({ managedBy: "api" })],
      removeRegistries: [],
      event: { kind: "directory.changed", at: 0, requestId: "other" },
    });
    expect(await apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "registry registry.example.com is managed by api" },
    });
    expect((await other.readSystem()).issuers).toEqual([]);
    expect(await other.listNamespaces()).toEqual([]);
    expect(await other.readDeclarationState()).toBeUndefined();
  });

  it("is a conflict when it appears while the run is under way", async () => {
    directory.beforeSystemCommit = async () => {
      await other.commitNamespace({
        name: "acme",
        fromRevision: 0,
        namespace: aNamespace({ managedBy: "api" }),
        putRobots: [],
        removeRobots: [],
        event: { kind: "directory.changed", at: 0, requestId: "other" },
      });
    };
    expect(await apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "namespace acme is managed by api" },
    });
  });
});

describe("others who write at the same time", () => {
  it("are waited out: the step is planned anew", async () => {
    await applied(aDeclaration());
    let times = 0;
    directory.beforeNamespaceCommit = async () => {
      times += 1;
      if (times < 5) await touchNamespace();
    };
    const namespaces = [{ name: "acme", kind: "user", enabled: true, robots: [declaredRobot()] }] as const;
    expect((await applied(aDeclaration({ namespaces })))[2]).toMatchObject({
      kind: "namespace",
      outcome: "changed",
    });
    expect(times).toBe(5);
  });

  it("are a conflict when they never rest", async () => {
    await applied(aDeclaration());
    directory.beforeNamespaceCommit = touchNamespace;
    const namespaces = [{ name: "acme", kind: "user", enabled: true, robots: [declaredRobot()] }] as const;
    expect(await apply(aDeclaration({ namespaces }))).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "the records kept changing" },
    });
  });

  it("may have removed a namespace before this run does", async () => {
    await applied(aDeclaration());
    directory.afterListing = async () => {
      const records = await other.readNamespace("acme");
      if (records === undefined) return;
      await other.commitNamespace({
        name: "acme",
        fromRevision: records.revision,
        namespace: undefined,
        putRobots: [],
        removeRobots: [],
        event: { kind: "directory.changed", at: 0, requestId: "other" },
      });
    };
    expect((await applied(EMPTY)).map(({ kind }) => kind)).toEqual(["issuer", "registry"]);
  });
});

describe("the lease", () => {
  it("is given back", async () => {
    await applied(aDeclaration());
    expect(await other.acquireLease(LEASE, "other", 30)).toBe(true);
  });

  it("of one who ended in the middle of a run is waited out", async () => {
    await other.acquireLease(LEASE, "gone", 30);
    expect(await applied(aDeclaration())).toEqual(CREATED);
    expect(clock.now()).toBe(1_800_000_030_000);
    expect(clock.waits).toHaveLength(60);
  });

  it("of one who goes on and on is a conflict after a minute", async () => {
    await other.acquireLease(LEASE, "busy", 30);
    const waitUntil = clock.waitUntil.bind(clock);
    clock.waitUntil = async (moment) => {
      await waitUntil(moment);
      await other.acquireLease(LEASE, "busy", 30);
    };
    expect(await apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "conflict", detail: "another process applies a declaration" },
    });
    expect(clock.now()).toBe(1_800_000_060_000);
    expect(await other.listNamespaces()).toEqual([]);
  });

  it("is worth another look at what was applied: two that start at once apply a file once", async () => {
    await other.acquireLease(LEASE, "first", 30);
    const waitUntil = clock.waitUntil.bind(clock);
    clock.waitUntil = async (moment) => {
      await waitUntil(moment);
      await other.writeDeclarationState({ digest: await declarationDigest(aDeclaration()), revision: 0 });
      await other.releaseLease(LEASE, "first");
    };
    expect(await apply(aDeclaration())).toMatchObject({ ok: true, value: { alreadyApplied: true } });
    expect(await other.listNamespaces()).toEqual([]);
  });

  const losesLease = async () => {
    clock.advance(30_001);
    expect(await other.acquireLease(LEASE, "thief", 30)).toBe(true);
  };
  const TAKEN_OVER = { ok: false, error: { reason: "conflict", detail: "another process took over" } };

  it("when it is lost ends the run before its next write", async () => {
    directory.beforeSystemCommit = losesLease;
    expect(await apply(aDeclaration())).toEqual(TAKEN_OVER);
    expect((await other.readSystem()).issuers).toHaveLength(1);
    expect(await other.listNamespaces()).toEqual([]);
  });

  it("when it is lost at the end leaves the state to who came after", async () => {
    await applied(aDeclaration());
    directory.beforeSystemCommit = losesLease;
    expect(await apply({ ...EMPTY, namespaces: aDeclaration().namespaces, revision: 1 })).toEqual(TAKEN_OVER);
    expect(await other.readDeclarationState()).toEqual({ digest: "", revision: 1 });
  });
});

describe("a run that ended half-way", () => {
  const down = async () => {
    throw new UnavailableError("the store does not answer");
  };

  it("is refused as unavailable, and done again by the next", async () => {
    directory.beforeNamespaceCommit = down;
    expect(await apply(aDeclaration())).toEqual({
      ok: false,
      error: { reason: "store_unavailable", detail: "the store does not answer" },
    });
    const after = await apply(aDeclaration(), other);
    expect(after.ok && after.value.objects.map(({ outcome }) => outcome)).toEqual([
      "unchanged",
      "unchanged",
      "created",
      "created",
    ]);
  });

  it("does not pass for the declaration before it", async () => {
    await applied(aDeclaration());
    directory.beforeNamespaceCommit = down;
    const robots = [declaredRobot({ enabled: false })];
    const namespaces = [{ name: "acme", kind: "organization", enabled: true, robots }] as const;
    await apply(aDeclaration({ issuers: [], namespaces }));
    expect(await apply(aDeclaration(), other)).toMatchObject({ ok: true, value: { alreadyApplied: false } });
  });

  it("still counts by its revision", async () => {
    directory.beforeNamespaceCommit = down;
    await apply(aDeclaration({ revision: 2 }));
    expect(await apply(aDeclaration({ revision: 1 }), other)).toMatchObject({
      ok: false,
      error: { reason: "stale_revision" },
    });
  });
});

describe("previewDeclaration", () => {
  it("tells what applying would do, and does nothing", async () => {
    await applied(aDeclaration());
    const namespaces = [{ name: "beta", kind: "organization", enabled: true, robots: [] }] as const;
    expect(await previewDeclaration(directory, aDeclaration({ namespaces, issuers: [] }), "file")).toEqual([
      { kind: "registry", name: "registry.example.com", outcome: "unchanged" },
      { kind: "namespace", name: "beta", outcome: "created" },
      { kind: "namespace", name: "acme", outcome: "removed" },
      { kind: "robot", name: "acme+builder", outcome: "removed" },
      { kind: "issuer", name: "https://issuer.example.com", outcome: "removed" },
    ]);
    expect((await other.listNamespaces()).map(({ name }) => name)).toEqual(["acme"]);
  });
});
