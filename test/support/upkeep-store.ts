import { describe } from "vitest";
import { RedisApiTokens } from "../../src/adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { SqliteApiTokens } from "../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { RedisLedger } from "../../src/adapters/ledger/redis-ledger.ts";
import { SqliteLedger } from "../../src/adapters/ledger/sqlite-ledger.ts";
import { RedisSweeper } from "../../src/adapters/sweeper/redis-sweeper.ts";
import { SqliteSweeper } from "../../src/adapters/sweeper/sqlite-sweeper.ts";
import type { ApiTokens, Clock, Directory, Ledger, Sweeper } from "../../src/usecases/ports.ts";
import { describeWithRedis, openRedis, type RedisTarget } from "./redis-store.ts";
import { newSqliteStore } from "./sqlite-store.ts";

/** A store as Berth's own upkeep sees it: empty, and its ledger open. */
export interface UpkeepStore {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly apiTokens: ApiTokens;
  readonly sweeper: Sweeper;
  close(): Promise<void>;
}

/** A new store of the kind under test, with the clock that it goes by; Redis goes by its own. */
export type OpenStore = (clock: Clock) => Promise<UpkeepStore>;

/** One suite on SQLite, on a Redis and on a Redis cluster. */
export function describeOnUpkeepStores(name: string, suite: (open: OpenStore) => void): void {
  describe(`${name}, on SQLite`, () => suite(openSqlite));
  describeWithRedis(`${name}, on Redis`, ({ target }) => suite(() => openOnRedis(target())));
}

export async function openSqlite(clock: Clock): Promise<UpkeepStore> {
  const store = newSqliteStore();
  const db = store.connect();
  const ledger = new SqliteLedger(db, clock);
  await ledger.open();
  return {
    directory: new SqliteDirectory(db, clock),
    ledger,
    apiTokens: new SqliteApiTokens(db),
    sweeper: new SqliteSweeper(db),
    close: async () => store.remove(),
  };
}

async function openOnRedis(target: RedisTarget): Promise<UpkeepStore> {
  const { connection, close } = await openRedis(target);
  const ledger = new RedisLedger(connection);
  await ledger.open();
  return {
    directory: new RedisDirectory(connection),
    ledger,
    apiTokens: new RedisApiTokens(connection),
    sweeper: new RedisSweeper(connection),
    close,
  };
}
