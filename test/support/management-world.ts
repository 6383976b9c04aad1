import { SqliteApiTokens } from "../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { SqliteDatabase } from "../../src/adapters/sqlite/database.ts";
import type { Registry } from "../../src/domain/access/registry.ts";
import type { Caller } from "../../src/domain/accounts/caller.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { ChangeContext, ManagementDeps } from "../../src/usecases/management/change-context.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import type { CommitOutcome, NamespaceChange } from "../../src/usecases/store-records.ts";
import { aNamespace, anIssuer, aRegistry, aRobot } from "./baseline.ts";
import { newSqliteStore } from "./sqlite-store.ts";
import { TestClock } from "./test-clock.ts";

/** What the baseline's records are but for these: managed over the API, where nothing else is said. */
export interface ManagedRecords {
  readonly namespace?: Partial<Namespace>;
  readonly robots?: readonly Partial<Robot>[];
  readonly registries?: readonly Registry[];
}

/** The real directory; somebody else may write just before each commit of a namespace. */
class MeddledDirectory extends SqliteDirectory {
  meddle: () => Promise<unknown> = async () => undefined;
  /** What was asked to be confirmed: namespaces, and `system`. */
  readonly confirmed: string[] = [];
  /** Whether a server has what it says, and nobody else. */
  isAlone = false;

  override async confirm(namespace = "system"): Promise<void> {
    this.confirmed.push(namespace);
    if (this.isAlone) throw new UnavailableError("too few replicas have it");
  }

  override async commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    await this.meddle();
    return super.commitNamespace(change);
  }
}

/** The management use cases on a real SQLite file. */
export class ManagementWorld {
  readonly clock = new TestClock(1_800_000_000_000);
  readonly directory: MeddledDirectory;
  readonly deps: ManagementDeps;
  readonly #store = newSqliteStore();
  readonly ledger: SqliteLedger;
  readonly apiTokens: SqliteApiTokens;
  /** Another process on the same store. */
  readonly #other: SqliteDirectory;
  readonly #db: SqliteDatabase;

  constructor() {
    const db = this.#store.connect();
    this.#db = db;
    this.directory = new MeddledDirectory(db, this.clock);
    this.ledger = new SqliteLedger(db, this.clock);
    this.apiTokens = new SqliteApiTokens(db);
    this.#other = new SqliteDirectory(this.#store.connect(), this.clock);
    this.deps = { directory: this.directory, clock: this.clock, random: webRandom };
  }

  /** Puts records in the store, as others would have; the event is not among `events`. */
  async put({ namespace, robots = [{}], registries = [aRegistry()] }: ManagedRecords = {}): Promise<void> {
    const event: AuditEvent = { kind: "directory.changed", at: 0, requestId: "set-up" };
    await this.#other.commitSystem({
      fromRevision: (await this.#other.readSystem()).revision,
      putIssuers: [anIssuer()],
      removeIssuers: [],
      putRegistries: registries,
      removeRegistries: [],
      event,
    });
    const made = aNamespace({ managedBy: "api", ...namespace });
    await this.#other.commitNamespace({
      name: made.name,
      fromRevision: (await this.#other.readNamespace(made.name))?.revision ?? 0,
      namespace: made,
      putRobots: robots.map((robot) => aRobot({ managedBy: "api", ...robot })),
      removeRobots: [],
      event,
    });
  }

  /** Lets somebody else commit to `acme` just before the next `times` commits. */
  overtake(times: number): void {
    let left = times;
    this.directory.meddle = async () => {
      left -= 1;
      if (left >= 0) await this.put({ robots: [{ name: "acme+other" }] });
    };
  }

  async robot(name: Robot["name"] = "acme+builder"): Promise<Robot | undefined> {
    return (await this.#other.readRobot(name))?.robot;
  }

  async namespace(name = "acme"): Promise<Namespace | undefined> {
    return (await this.#other.readNamespace(name))?.namespace;
  }

  /** What the use cases recorded, the newest first. */
  async events(): Promise<readonly AuditEvent[]> {
    return (await this.ledger.readEvents(1000)).filter(({ requestId }) => requestId !== "set-up");
  }

  /** Closes the database under the use cases: from then on every call of theirs fails. */
  breakStore(): void {
    this.#db.close();
  }

  close(): void {
    this.#store.remove();
  }
}

/** Someone who administers `acme`. */
export function aCaller(change: Partial<Caller> = {}): Caller {
  return { actor: "token:1", scopes: ["org:admin"], namespaces: ["acme"], exchanged: false, ...change };
}

/** A CI job that earned an API token for `acme`. */
export const A_JOB = aCaller({
  actor: "acme+deployer#07ab",
  scopes: ["robots:write", "permissions:write", "rules:write"],
  exchanged: true,
});

export const AN_OPERATOR = aCaller({ actor: "token:2", scopes: ["super:user"], namespaces: "all" });

export function aChangeBy(caller: Partial<Caller> = {}, change: Partial<ChangeContext> = {}): ChangeContext {
  return { requestId: "request-1", clientAddress: "192.0.2.7", caller: aCaller(caller), ...change };
}
