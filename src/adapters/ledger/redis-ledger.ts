import {
  type Credential,
  RECORD_MARGIN_SECONDS,
  type StoredCredential,
} from "../../domain/accounts/credential.ts";
import { shardOfCredentialId } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
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
import { probe } from "../redis/probe.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { listCredentials } from "./redis-credential-list.ts";
import { BEGIN_EPOCH, FIND_CREDENTIAL } from "./redis-epoch.ts";
import { MAX_EVENTS, RedisEventStreams } from "./redis-event-streams.ts";
import { mergeEvents } from "./redis-events.ts";
import { ALL_SHARDS, ShardKeys } from "./redis-keys.ts";
import { REDEEM, type RedeemFacts } from "./redis-redeem-script.ts";
import { REVOKE } from "./redis-scripts.ts";

type Texts = [record: string | null | undefined, revoked: string | null | undefined];
type FoundRecord = [...Texts, epochStands: boolean];

/** The ledger in Redis or Valkey 6.2 and later, single or cluster: one command or script over one shard a call. */
export class RedisLedger implements Ledger {
  readonly #connection: RedisConnection;
  readonly #shards: readonly ShardKeys[];
  readonly #events: RedisEventStreams;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#shards = ALL_SHARDS.map((shard) => new ShardKeys(connection.keyPrefix, shard));
    this.#events = new RedisEventStreams(connection, this.#shards);
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
      [
        JSON.stringify(this.#factsOf(redemption, keys)),
        encodeRecord(credential),
        encodeRecord(redemption.event),
      ],
    )) as [RedeemOutcome["kind"], string];
    return kind === "minted" && replaced !== "" ? { kind, replaced } : { kind };
  }

  async findCredential(id: string): Promise<StoredCredential | undefined> {
    const keys = this.#keysOf(shardOfCredentialId(id));
    const [record, revoked, stands] = await this.#readCredential(keys, id);
    if (typeof record !== "string") return undefined;
    const credential = decodeRecord<Credential>(record);
    return {
      credential: typeof revoked === "string" ? { ...credential, revokedAt: Number(revoked) } : credential,
      epochStands: stands,
    };
  }

  async #readCredential(keys: ShardKeys, id: string): Promise<FoundRecord> {
    const credentialKey = keys.credential(id);
    if (this.#connection.use.epochOnFailover) return this.#judgeCredential(keys, id);
    const [[record, revoked, epoch], [lasting, follows]] = await this.#connection.send(keys.epoch, (client) =>
      Promise.all([
        client.hmget(credentialKey, "record", "revoked", "epoch"),
        client.hmget(keys.epoch, "id", "replid"),
      ]),
    );
    // Another process has the setting: this one goes by it as well.
    if (typeof follows === "string") return this.#judgeCredential(keys, id);
    return [record, revoked, typeof epoch === "string" && epoch === lasting];
  }

  /** Where the epoch follows the replication id, which only a script reads in the same step. */
  async #judgeCredential(keys: ShardKeys, id: string): Promise<FoundRecord> {
    const found = await this.#connection.run(FIND_CREDENTIAL, [keys.credential(id), keys.epoch], [1]);
    const [record, revoked, stands] = found as [...Texts, number];
    return [record, revoked, stands === 1];
  }

  async revoke(id: string, at: number, event: AuditEvent): Promise<"revoked" | "unchanged" | "unknown"> {
    const keys = this.#keysOf(shardOfCredentialId(id));
    const answer = await this.#connection.runDurably(
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
    await this.#events.append(events);
  }

  async readEvents(limit: number): Promise<readonly AuditEvent[]> {
    const streams = this.#shards.flatMap((keys) => [keys.audit, keys.refusals]);
    const entries = await Promise.all(
      streams.map((stream) =>
        this.#connection.send(stream, (client) => client.xrevrange(stream, "+", "-", "COUNT", limit)),
      ),
    );
    return mergeEvents(entries, limit);
  }

  /** Shard by shard: after a failure half of them may be new, and the call is made again. */
  async startEpoch(event: AuditEvent): Promise<void> {
    await this.#beginEpochs("replace");
    await this.record([event]);
  }

  async ping(): Promise<void> {
    await probe(
      this.#connection,
      this.#shards.map(({ base }) => base),
    );
  }

  /** What is kept waits for nobody: a server must start while a replica is away, and each exchange waits by itself. */
  async #beginEpochs(present: "keep" | "replace"): Promise<void> {
    const follows = this.#connection.use.epochOnFailover ? 1 : 0;
    const run = present === "keep" ? "run" : "runDurably";
    await Promise.all(
      this.#shards.map((keys) =>
        this.#connection[run](BEGIN_EPOCH, [keys.epoch], [newEpochId(), present, follows]),
      ),
    );
  }

  #factsOf(redemption: Redemption, keys: ShardKeys): RedeemFacts {
    const { credential } = redemption;
    return {
      callerMs: redemption.now,
      maxSkewMs: MAX_CLOCK_SKEW_MS,
      markExpiresAt: redemption.markExpiresAt,
      tokenIssuedAt: redemption.tokenIssuedAt,
      newEpoch: newEpochId(),
      epochFollows: this.#connection.use.epochOnFailover,
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

  #keysOf(shard: number): ShardKeys {
    const keys = this.#shards[shard];
    if (keys === undefined) throw new RangeError(`there is no shard ${shard}`);
    return keys;
  }
}

function newEpochId(): string {
  return crypto.randomUUID();
}
