import { join } from "node:path";
import { SqliteAuditLog } from "../adapters/audit/sqlite-audit-log.ts";
import { SqliteApiTokens } from "../adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../adapters/directory/sqlite-directory.ts";
import { SqliteLedger } from "../adapters/ledger/sqlite-ledger.ts";
import { SqliteNearMisses } from "../adapters/ledger/sqlite-near-misses.ts";
import { connectRedis } from "../adapters/redis/connection.ts";
import { checkServer } from "../adapters/redis/server-check.ts";
import { openDatabase } from "../adapters/sqlite/database.ts";
import { SqliteSweeper } from "../adapters/sweeper/sqlite-sweeper.ts";
import type { RedisSettings } from "../config/settings/redis-settings.ts";
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
import { portsOnRedis } from "./redis-stores.ts";
import { redisTlsTexts } from "./redis-tls-files.ts";

/** Every port on one store. */
export interface Stores {
  readonly name: "sqlite" | "redis" | "durable-object";
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

/**
 * The store that the settings name: Redis where they do, else the SQLite file in the data folder.
 *
 * @param onNotice Told of what befalls the store later on, each time as one sentence.
 */
export async function openStores(
  settings: Settings,
  clock: Clock,
  onNotice: (notice: string) => void = () => undefined,
): Promise<Stores> {
  const stores = settings.redis
    ? await openRedis(settings, settings.redis, onNotice)
    : openSqlite(settings, clock);
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
  { storeTimeoutMs }: Settings,
  redis: RedisSettings,
  onNotice: (notice: string) => void,
): Promise<Stores> {
  const connection = connectRedis({
    url: redis.url,
    topology: redis.topology,
    ...(redis.sentinel === undefined ? {} : { sentinel: redis.sentinel }),
    keyPrefix: redis.prefix,
    deadlineMs: storeTimeoutMs,
    tls: redisTlsTexts(redis.tls, onNotice),
    durability: redis.durability,
    onNotice,
  });
  const { problems, warnings } = await checkServer(connection);
  if (problems.length > 0) {
    connection.close();
    throw new ConfigurationError(problems);
  }
  return {
    name: "redis",
    ...portsOnRedis(connection),
    warnings,
    close: () => connection.close(),
  };
}
