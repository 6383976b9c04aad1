import { join } from "node:path";
import { RedisApiTokens } from "../../src/adapters/directory/redis-api-tokens.ts";
import { RedisDirectory } from "../../src/adapters/directory/redis-directory.ts";
import { SqliteApiTokens } from "../../src/adapters/directory/sqlite-api-tokens.ts";
import { SqliteDirectory } from "../../src/adapters/directory/sqlite-directory.ts";
import { connectRedis } from "../../src/adapters/redis/connection.ts";
import { systemClock } from "../../src/adapters/runtime/system-clock.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { openDatabase } from "../../src/adapters/sqlite/database.ts";
import { apiTokenId, newApiTokenSecret } from "../../src/domain/accounts/secret.ts";
import type { ApiTokens, Directory } from "../../src/usecases/ports.ts";

/** A store, past Berth. */
interface OpenStore {
  readonly directory: Directory;
  readonly apiTokens: ApiTokens;
  close(): void;
}

/** @param redisUrl Undefined: the store is SQLite in `folder`. */
export async function openStore(folder: string, redisUrl: string | undefined): Promise<OpenStore> {
  if (redisUrl === undefined) {
    const db = openDatabase(join(folder, "berth.db"));
    const directory = new SqliteDirectory(db, systemClock);
    return { directory, apiTokens: new SqliteApiTokens(db), close: () => db.close() };
  }
  const connection = connectRedis({ url: redisUrl, keyPrefix: "berth:", deadlineMs: 30_000 });
  await connection.whenReady();
  const directory = new RedisDirectory(connection);
  return { directory, apiTokens: new RedisApiTokens(connection), close: () => connection.close() };
}

/** Writes an operator's API token, and gives it. */
export async function writeApiToken(apiTokens: ApiTokens): Promise<string> {
  const secret = newApiTokenSecret(webRandom);
  const now = Math.floor(Date.now() / 1000);
  await apiTokens.add(
    {
      ...(await apiTokenId(secret)),
      description: "bench",
      scopes: ["super:user"],
      namespaces: "all",
      createdAt: now,
      expiresAt: now + 86_400,
      createdBy: "operator",
    },
    { kind: "api_token.created", at: now * 1000, requestId: "bench" },
  );
  return secret.expose();
}
