import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import type { Declaration, DeclaredRobot, PlannedObject } from "../../src/domain/accounts/declaration.ts";
import { applyDeclaration } from "../../src/usecases/management/apply-declaration.ts";
import type { CommitOutcome, NamespaceChange, SystemChange } from "../../src/usecases/store-records.ts";
import { aNamespace, anIssuer, aRegistry, aRobot, aRule } from "./baseline.ts";
import { bare } from "./planned-objects.ts";
import { newSqliteStore } from "./sqlite-store.ts";
import { TestClock } from "./test-clock.ts";

/** The real directory; a test may do something of its own just before a step. */
export class MeddledDirectory extends SqliteDirectory {
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

/** The baseline's robot as a file declares it. */
export function declaredRobot(change: Partial<DeclaredRobot> = {}): DeclaredRobot {
  const { name, enabled, description, permissions, catalog } = aRobot();
  const { id, nonce, ...rule } = aRule();
  return { name, enabled, description, permissions, catalog, rules: [rule], ...change };
}

/** The baseline's issuer, registry, namespace and robot as a file declares them. */
export function aDeclaration(change: Partial<Declaration> = {}): Declaration {
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

/** A declaration of nothing. */
export const EMPTY = aDeclaration({ issuers: [], registries: [], namespaces: [] });
/** What applying `aDeclaration()` does to an empty store. */
export const CREATED = [
  { kind: "issuer", name: "https://issuer.example.com", outcome: "created" },
  { kind: "registry", name: "registry.example.com", outcome: "created" },
  { kind: "namespace", name: "acme", outcome: "created" },
  { kind: "robot", name: "acme+builder", outcome: "created" },
];

/** A change by somebody else: it makes `acme`, unless `change` says otherwise. */
export function aForeignChange(change: Partial<NamespaceChange> = {}): NamespaceChange {
  return {
    name: "acme",
    fromRevision: 0,
    namespace: aNamespace({ managedBy: "api" }),
    putRobots: [],
    removeRobots: [],
    event: { kind: "directory.changed", at: 0, requestId: "other" },
    ...change,
  };
}

/** A fresh SQLite store and two processes on it; ended by `close`. */
export class DeclarationStore {
  readonly clock = new TestClock(1_800_000_000_000);
  readonly directory: MeddledDirectory;
  /** Another process on the same store. */
  readonly other: SqliteDirectory;
  readonly #ledger: SqliteLedger;
  readonly #store = newSqliteStore();
  #drawn = 0;

  constructor() {
    const db = this.#store.connect();
    this.directory = new MeddledDirectory(db, this.clock);
    this.#ledger = new SqliteLedger(db, this.clock);
    this.other = new SqliteDirectory(this.#store.connect(), this.clock);
  }

  close(): void {
    this.#store.remove();
  }

  apply(declaration: Declaration, directory: SqliteDirectory = this.directory) {
    // Never the same bytes twice.
    const random = (count: number) => new Uint8Array(count).fill(this.#next());
    const deps = { directory, clock: this.clock, random };
    return applyDeclaration(deps, declaration, { owner: "file", requestId: "start-1" });
  }

  #next(): number {
    this.#drawn += 1;
    return this.#drawn;
  }

  /** What was done to each object, without its views; throws when the declaration was refused. */
  async applied(declaration: Declaration): Promise<readonly PlannedObject[]> {
    const result = await this.apply(declaration);
    if (!result.ok) throw new Error(`refused: ${result.error.reason} ${result.error.detail}`);
    return bare(result.value.objects);
  }

  /** The newest first. */
  events() {
    return this.#ledger.readEvents(100);
  }

  /** Somebody else writes the namespace as it is, so that its revision moves on. */
  async touchNamespace(): Promise<void> {
    const records = await this.other.readNamespace("acme");
    if (records === undefined) throw new Error("no namespace to touch");
    const { revision: fromRevision, namespace } = records;
    await this.other.commitNamespace(aForeignChange({ fromRevision, namespace }));
  }
}
