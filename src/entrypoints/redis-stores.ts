import { RedisAuditLog } from "../adapters/audit/redis-audit-log.ts";
import { RedisApiTokens } from "../adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../adapters/directory/redis-directory.ts";
import { RedisLedger } from "../adapters/ledger/redis-ledger.ts";
import { RedisNearMisses } from "../adapters/ledger/redis-near-misses.ts";
import type { RedisConnection } from "../adapters/redis/connection.ts";
import { RedisSweeper } from "../adapters/sweeper/redis-sweeper.ts";
import type { Stores } from "./stores.ts";

/** Every port of a store. */
export type StorePorts = Omit<Stores, "name" | "warnings" | "close">;

/** Every port on one connection to Redis. */
export function portsOnRedis(connection: RedisConnection): StorePorts {
  return {
    directory: new RedisDirectory(connection),
    apiTokens: new RedisApiTokens(connection),
    ledger: new RedisLedger(connection),
    nearMisses: new RedisNearMisses(connection),
    auditLog: new RedisAuditLog(connection),
    sweeper: new RedisSweeper(connection),
  };
}
