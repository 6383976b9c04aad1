import type { StoredCredential } from "../../domain/accounts/credential.ts";
import { shardOfCredentialId, shardOfHash } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { Ledger } from "../../usecases/ports.ts";
import type {
  CredentialPage,
  CredentialQuery,
  RedeemOutcome,
  Redemption,
} from "../../usecases/store-records.ts";
import { ALL_SHARDS, inTurns, type ObjectCalls } from "../durable-object/object-calls.ts";
import { decodeDocument } from "../sqlite/document.ts";
import { listCredentials } from "./durable-object-credential-list.ts";

/**
 * The ledger in 64 Durable Objects, one for each shard. An exchange, a look-up and a revocation are each one
 * transaction of one object; what is asked of all 64 is 64 transactions.
 */
export class DurableObjectLedger implements Ledger {
  readonly #objects: ObjectCalls;

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  /** One call, once all shards have been opened: that is noted after the last of them, and holds for ever. */
  async open(): Promise<void> {
    if (await this.#objects.system((object) => object.isLedgerOpen())) return;
    await this.#beginEpochs("keep");
    await this.#objects.system((object) => object.noteLedgerOpen());
  }

  async redeem(redemption: Redemption): Promise<RedeemOutcome> {
    return this.#objects.shardUntilAnswered(redemption.shard, (object) => object.redeem(redemption));
  }

  async findCredential(id: string): Promise<StoredCredential | undefined> {
    return this.#objects.shard(shardOfCredentialId(id), (object) => object.findCredential(id));
  }

  async revoke(id: string, at: number, event: AuditEvent): Promise<"revoked" | "unchanged" | "unknown"> {
    return this.#objects.shard(shardOfCredentialId(id), (object) => object.revoke(id, at, event));
  }

  listCredentials(query: CredentialQuery): Promise<CredentialPage> {
    return listCredentials(this.#objects, query);
  }

  /** An object's events in one call, and so in one transaction. */
  async record(events: readonly AuditEvent[]): Promise<void> {
    const shards = await Promise.all(events.map(shardOf));
    await inTurns([...new Set(shards)], (shard) => {
      const own = events.filter((_, at) => shards[at] === shard);
      return this.#objects.shard(shard, (object) => object.record(own));
    });
  }

  async readEvents(limit: number): Promise<readonly AuditEvent[]> {
    const records = await inTurns(ALL_SHARDS, async (shard) => {
      const rows = await this.#objects.shard(shard, (object) =>
        object.readEvents(Number.MAX_SAFE_INTEGER, limit),
      );
      return rows.map((row) => ({ row, event: decodeDocument<AuditEvent>(row.document) }));
    });
    return records
      .flat()
      .sort((left, right) => right.event.at - left.event.at || right.row.seq - left.row.seq)
      .slice(0, limit)
      .map(({ event }) => event);
  }

  /** Shard by shard: after a failure half of them may be new, and the call is made again. */
  async startEpoch(event: AuditEvent): Promise<void> {
    await this.#beginEpochs("replace");
    await this.record([event]);
  }

  /** One of the 64, which are all alike. */
  async ping(): Promise<void> {
    await this.#objects.shard(0, (object) => object.ping());
  }

  async #beginEpochs(present: "keep" | "replace"): Promise<void> {
    await inTurns(ALL_SHARDS, (shard) =>
      this.#objects.shard(shard, (object) => object.beginEpoch(shard, present)),
    );
  }
}

/** Spreads the events of all robots, and keeps those of one together. */
async function shardOf({ robot, requestId }: AuditEvent): Promise<number> {
  return shardOfHash(await sha256Hex(robot ?? requestId));
}
