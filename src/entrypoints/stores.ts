import { join } from "node:path";
import { RedisAuditLog } from "../adapters/audit/redis-audit-log.ts";
import { SqliteAuditLog } from "../adapters/audit/sqlite-audit-log.ts";
import { RedisApiTokens } from "../adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../adapters/directory/redis-directory.ts";
import { SqliteApiTokens } from "../adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../adapters/directory/sqlite-directory.ts";
import { RedisLedger } from "../adapters/ledger/redis-ledger.ts";
import { RedisNearMisses } from "../adapters/ledger/redis-near-misses.ts";
import { SqliteLedger } from "../adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../adapters/ledger/sqlite-near-misses.ts";
import { connectRedis } from "../adapters/redis/connection.ts";
import { checkServer } from "../adapters/redis/server-check.ts";
import { openDatabase } from "../adapters/sqlite/database.ts";
import { RedisSweeper } from "../adapters/sweeper/redis-sweeper.ts";
import { SqliteSweeper } from "../adapters/sweeper/sqlite-sweeper.ts";
import type { Settings } from "../config/settings.ts";
import type {
  ApiTokens,
  AuditLog,
  Clock,
  Directory,
  Ledger,
  NearMissStore,
  Sweeper,
} from "../usecases/ports.ts";
import { ConfigurationError } from "./configuration-error.ts";

/** Every port on one store. */
export interface Stores {
  readonly name: "sqlite" | "redis";
  readonly directory: Directory;
  readonly apiTokens: ApiTokens;
  readonly ledger: Ledger;
  readonly nearMisses: NearMissStore;
  readonly auditLog: AuditLog;
  readonly sweeper: Sweeper;
  /** What an operator should know of the store, though it may be used. */
  readonly warnings: readonly string[];
  close(): void;
}

/** The store that the settings name: Redis where they do, else the SQLite file in the data folder. */
export async function openStores(settings: Settings, clock: Clock): Promise<Stores> {
  const stores = settings.redis ? await openRedis(settings, settings.redis) : openSqlite(settings, clock);
  await stores.ledger.open();
  return stores;
}

function openSqlite(settings: Settings, clock: Clock): Stores {
  const db = openDatabase(join(settings.dataDir, "berth.db"));
  return {
    name: "sqlite",
    directory: new SqliteDirectory(db, clock),
    apiTokens: new SqliteApiTokens(db),
    ledger: new SqliteLedger(db, clock),
    nearMisses: new SqliteNearMisses(db),
    auditLog: new SqliteAuditLog(db),
    sweeper: new SqliteSweeper(db),
    warnings: [],
    close: () => db.close(),
  };
}

async function openRedis(
  settings: Settings,
  redis: { readonly url: string; readonly prefix: string },
): Promise<Stores> {
  const connection = connectRedis({
    url: redis.url,
    keyPrefix: redis.prefix,
    deadlineMs: settings.storeTimeoutMs,
  });
  const { problems, warnings } = await checkServer(connection);
  if (problems.length > 0) {
    connection.close();
    throw new ConfigurationError(problems);
  }
  return {
    name: "redis",
    directory: new RedisDirectory(connection),
    apiTokens: new RedisApiTokens(connection),
    ledger: new RedisLedger(connection),
    nearMisses: new RedisNearMisses(connection),
    auditLog: new RedisAuditLog(connection),
    sweeper: new RedisSweeper(connection),
    warnings,
    close: () => connection.close(),
  };
}
