import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { ApiTokens } from "../../usecases/ports.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { Script } from "../redis/script.ts";
import { MAX_STREAM_EVENTS, SystemKeys } from "./redis-keys.ts";

/**
 * Keys: tokens, super user, audit. Arguments: id, record, 1 where it has `super:user`, `first` or "", the event, the
 * stream's cap. Answer: whether the record is there by this call, or by the same one whose answer was lost: without
 * that, nobody would know the first token, and none could follow.
 */
const ADD = new Script(`
local tokensKey, superUserKey, auditKey = unpack(KEYS)
local id, record, superUser, only, event, maxEvents = unpack(ARGV)
local there = redis.call('HGET', tokensKey, id)
if there then return there == record and 1 or 0 end
if only == 'first' and redis.call('EXISTS', superUserKey) == 1 then return 0 end
redis.call('XLEN', auditKey)

if superUser == '1' then redis.call('SET', superUserKey, 1) end
redis.call('HSET', tokensKey, id, record)
redis.call('XADD', auditKey, 'MAXLEN', '~', maxEvents, '*', 'event', event)
return 1
`);

/** Keys: tokens, audit. Arguments: id, the event, the stream's cap. Answer: whether it was there. */
const REMOVE = new Script(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XLEN', KEYS[2])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[2])
return 1
`);

/** API tokens in Redis or Valkey: one hash, as they are few. */
export class RedisApiTokens implements ApiTokens {
  readonly #connection: RedisConnection;
  readonly #keys: SystemKeys;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#keys = new SystemKeys(connection.keyPrefix);
  }

  async find(id: string): Promise<ApiToken | undefined> {
    const record = await this.#connection.send(this.#keys.apiTokens, (client) =>
      client.hget(this.#keys.apiTokens, id),
    );
    return record === null ? undefined : decodeRecord<ApiToken>(record);
  }

  async list(): Promise<readonly ApiToken[]> {
    const records = await this.#connection.send(this.#keys.apiTokens, (client) =>
      client.hvals(this.#keys.apiTokens),
    );
    return records.map((record) => decodeRecord<ApiToken>(record)).sort(byCreation);
  }

  async add(token: ApiToken, event: AuditEvent, only?: "first"): Promise<boolean> {
    const { apiTokens, superUser, audit } = this.#keys;
    const answer = await this.#connection.runUntilAnswered(
      ADD,
      [apiTokens, superUser, audit],
      [
        token.id,
        encodeRecord(token),
        token.scopes.includes("super:user") ? 1 : 0,
        only ?? "",
        encodeRecord(event),
        MAX_STREAM_EVENTS,
      ],
    );
    return answer === 1;
  }

  async remove(id: string, event: AuditEvent): Promise<boolean> {
    const { apiTokens, audit } = this.#keys;
    const answer = await this.#connection.runDurably(
      REMOVE,
      [apiTokens, audit],
      [id, encodeRecord(event), MAX_STREAM_EVENTS],
    );
    return answer === 1;
  }
}

function byCreation(left: ApiToken, right: ApiToken): number {
  return left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1);
}
