import {
  type Credential,
  RECORD_MARGIN_SECONDS,
  type StoredCredential,
} from "../../domain/accounts/credential.ts";
import { shardOfCredentialId, shardOfHash } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { Ledger } from "../../usecases/ports.ts";
import {
  type CredentialPage,
  type CredentialQuery,
  MAX_CLOCK_SKEW_MS,
  MAX_REUSABLE_CREDENTIALS,
  type RedeemOutcome,
  type Redemption,
} from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { listCredentials } from "./redis-credential-list.ts";
import { mergeEvents } from "./redis-events.ts";
import { ALL_SHARDS, ShardKeys } from "./redis-keys.ts";
import { REDEEM, type RedeemFacts } from "./redis-redeem-script.ts";
import { BEGIN_EPOCH, REVOKE } from "./redis-scripts.ts";

/** Events kept of each shard, about: Redis drops whole nodes of a stream. */
const MAX_EVENTS = 2000;
const MAX_REFUSALS = 500;

/** The ledger in Redis or Valkey 6.2 and later, single or cluster: one command or script over one shard a call. */
export class RedisLedger implements Ledger {
  readonly #connection: RedisConnection;
  readonly #shards: readonly ShardKeys[];

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#shards = ALL_SHARDS.map((shard) => new ShardKeys(connection.keyPrefix, shard));
  }

  async open(): Promise<void> {
    await this.#beginEpochs("keep");
  }

  async redeem(redemption: Redemption): Promise<RedeemOutcome> {
    const { credential, replayKey } = redemption;
    const keys = this.#keysOf(redemption.shard);
    const [kind, replaced] = (await this.#connection.runUntilAnswered(
      REDEEM,
      [
        keys.epoch,
        keys.mark(replayKey),
        keys.credential(credential.id),
        keys.robot(credential.robotUid),
        keys.reusable(credential.robotUid),
        keys.audit,
        keys.live,
      ],
      [JSON.stringify(factsOf(redemption, keys)), encodeRecord(credential), encodeRecord(redemption.event)],
    )) as [RedeemOutcome["kind"], string];
    return kind === "minted" && replaced !== "" ? { kind, replaced } : { kind };
  }

  async findCredential(id: string): Promise<StoredCredential | undefined> {
    const keys = this.#keysOf(shardOfCredentialId(id));
    const [[record, epoch, revoked], currentEpoch] = await this.#connection.send((client) =>
      Promise.all([
        client.hmget(keys.credential(id), "record", "epoch", "revoked"),
        client.hget(keys.epoch, "id"),
      ]),
    );
    if (typeof record !== "string") return undefined;
    const credential = decodeRecord<Credential>(record);
    return {
      credential: typeof revoked === "string" ? { ...credential, revokedAt: Number(revoked) } : credential,
      epochStands: typeof epoch === "string" && epoch === currentEpoch,
    };
  }

  async revoke(id: string, at: number, event: AuditEvent): Promise<"revoked" | "unchanged" | "unknown"> {
    const keys = this.#keysOf(shardOfCredentialId(id));
    const answer = await this.#connection.run(
      REVOKE,
      [keys.credential(id), keys.audit],
      [keys.base, id, at, encodeRecord(event), MAX_EVENTS],
    );
    return answer as "revoked" | "unchanged" | "unknown";
  }

  listCredentials(query: CredentialQuery): Promise<CredentialPage> {
    return listCredentials(this.#connection, this.#shards, query);
  }

  async record(events: readonly AuditEvent[]): Promise<void> {
    const placed = await Promise.all(
      events.map(async (event) => ({ event, ...streamOf(event, await this.#placeOf(event)) })),
    );
    await this.#connection.send((client) =>
      Promise.all(
        placed.map(({ stream, max, event }) =>
          client.xadd(stream, "MAXLEN", "~", max, "*", "event", encodeRecord(event)),
        ),
      ),
    );
  }

  async readEvents(limit: number): Promise<readonly AuditEvent[]> {
    const streams = this.#shards.flatMap((keys) => [keys.audit, keys.refusals]);
    const entries = await this.#connection.send((client) =>
      Promise.all(streams.map((stream) => client.xrevrange(stream, "+", "-", "COUNT", limit))),
    );
    return mergeEvents(entries, limit);
  }

  /** Shard by shard: after a failure half of them may be new, and the call is made again. */
  async startEpoch(event: AuditEvent): Promise<void> {
    await this.#beginEpochs("replace");
    await this.record([event]);
  }

  async ping(): Promise<void> {
    await this.#connection.send((client) => client.ping());
  }

  async #beginEpochs(present: "keep" | "replace"): Promise<void> {
    await Promise.all(
      this.#shards.map((keys) => this.#connection.run(BEGIN_EPOCH, [keys.epoch], [newEpochId(), present])),
    );
  }

  /** Spreads the events of all robots, and keeps those of one together. */
  async #placeOf(event: AuditEvent): Promise<ShardKeys> {
    return this.#keysOf(shardOfHash(await sha256Hex(event.robot ?? event.requestId)));
  }

  #keysOf(shard: number): ShardKeys {
    const keys = this.#shards[shard];
    if (keys === undefined) throw new RangeError(`there is no shard ${shard}`);
    return keys;
  }
}

function streamOf(event: AuditEvent, keys: ShardKeys): { stream: string; max: number } {
  return event.kind.endsWith(".refused")
    ? { stream: keys.refusals, max: MAX_REFUSALS }
    : { stream: keys.audit, max: MAX_EVENTS };
}

function factsOf(redemption: Redemption, keys: ShardKeys): RedeemFacts {
  const { credential } = redemption;
  return {
    callerMs: redemption.now,
    maxSkewMs: MAX_CLOCK_SKEW_MS,
    markExpiresAt: redemption.markExpiresAt,
    tokenIssuedAt: redemption.tokenIssuedAt,
    newEpoch: newEpochId(),
    reusable: redemption.reusable,
    maxReusable: MAX_REUSABLE_CREDENTIALS,
    replayKey: redemption.replayKey,
    retryKeyHash: redemption.retryKeyHash,
    id: credential.id,
    robot: credential.robot,
    robotUid: credential.robotUid,
    expiresAt: credential.expiresAt,
    recordExpiresAt: credential.expiresAt + RECORD_MARGIN_SECONDS,
    maxEvents: MAX_EVENTS,
    base: keys.base,
  };
}

function newEpochId(): string {
  return crypto.randomUUID();
}
