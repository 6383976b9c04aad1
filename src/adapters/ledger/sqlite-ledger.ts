import {
  type Credential,
  RECORD_MARGIN_SECONDS,
  type StoredCredential,
} from "../../domain/accounts/credential.ts";
import { SHARDS } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { Clock, Ledger } from "../../usecases/ports.ts";
import type {
  CredentialPage,
  CredentialQuery,
  RedeemOutcome,
  Redemption,
} from "../../usecases/store-records.ts";
import { AuditEvents } from "../sqlite/audit-events.ts";
import { CommitQueue } from "../sqlite/commit-queue.ts";
import { decodeDocument } from "../sqlite/document.ts";
import type { Sql } from "../sqlite/sql.ts";
import { deleteExpired } from "./sqlite-collection.ts";
import { listCredentials } from "./sqlite-credential-list.ts";
import { beginEpoch } from "./sqlite-epochs.ts";
import { redeemInTransaction } from "./sqlite-redeem.ts";
import { revokeInTransaction } from "./sqlite-revoke.ts";

interface CredentialRow {
  readonly document: string;
  readonly revokedAt: number | null;
  readonly epochStands: number;
}

const FIND = `
  SELECT c.document, c.revoked_at AS revokedAt, c.epoch = e.id AS epochStands
  FROM credentials c JOIN epochs e ON e.shard = c.shard
  WHERE c.id = ? AND c.expires_at > ?`;

/**
 * The ledger in the store's file, for several processes of one host: nothing rests on this one's memory. The
 * store's clock is the host's. Transactions end by deleting some of what has expired. In a Durable Object it
 * is the ledger of that object's shard, whose epoch the object begins by itself.
 */
export class SqliteLedger implements Ledger {
  readonly #db: Sql;
  readonly #clock: Clock;
  readonly #events: AuditEvents;
  readonly #commits: CommitQueue;
  /** The second up to which all that had expired is deleted. */
  #collectedAt: number | undefined;

  constructor(db: Sql, clock: Clock, events = new AuditEvents(db)) {
    this.#db = db;
    this.#clock = clock;
    this.#events = events;
    this.#commits = new CommitQueue(db, () => {
      this.#collect();
      this.#events.trim();
    });
  }

  open(): Promise<void> {
    return this.#commits.add(() => this.#beginEpochs("keep"));
  }

  redeem(redemption: Redemption): Promise<RedeemOutcome> {
    return this.#commits.add(() =>
      redeemInTransaction(this.#db, this.#events, redemption, this.#clock.now()),
    );
  }

  async findCredential(id: string): Promise<StoredCredential | undefined> {
    const row = this.#db.get<CredentialRow>(FIND, id, this.#now() - RECORD_MARGIN_SECONDS);
    if (row === undefined) return undefined;
    const credential = decodeDocument<Credential>(row.document);
    return {
      credential: row.revokedAt === null ? credential : { ...credential, revokedAt: row.revokedAt },
      epochStands: row.epochStands === 1,
    };
  }

  revoke(id: string, at: number, event: AuditEvent): Promise<"revoked" | "unchanged" | "unknown"> {
    return this.#commits.add(() => {
      const outcome = revokeInTransaction(this.#db, id, at, this.#now());
      if (outcome === "revoked") this.#events.append(event);
      return outcome;
    });
  }

  listCredentials(query: CredentialQuery): Promise<CredentialPage> {
    return listCredentials(this.#db, query);
  }

  async record(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#commits.add(() => {
      for (const event of events) this.#events.append(event);
    });
  }

  async readEvents(limit: number): Promise<readonly AuditEvent[]> {
    return this.#events.read(limit);
  }

  startEpoch(event: AuditEvent): Promise<void> {
    return this.#commits.add(() => {
      this.#beginEpochs("replace");
      this.#events.append(event);
    });
  }

  async ping(): Promise<void> {
    this.#db.get("SELECT revision FROM system");
  }

  #beginEpochs(present: "keep" | "replace"): void {
    for (let shard = 0; shard < SHARDS; shard += 1) beginEpoch(this.#db, shard, present, this.#now());
  }

  /** To look for it takes as long as a redemption, and in one second nothing more expires. */
  #collect(): void {
    const now = this.#now();
    if (now !== this.#collectedAt && deleteExpired(this.#db, now)) this.#collectedAt = now;
  }

  #now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}
