import { shardOfHash } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { ShardKeys } from "./redis-keys.ts";

/** The keys of one namespace's near misses, all in one of the ledger's shards. */
export async function nearMissKeysOf(keyPrefix: string, namespace: string): Promise<NearMissKeys> {
  const shard = new ShardKeys(keyPrefix, shardOfHash(await sha256Hex(namespace)));
  return new NearMissKeys(shard.base, namespace);
}

export class NearMissKeys {
  /** For the keys that a script finds by what it has read: it appends `time:<tenant>`, and so on. */
  readonly base: string;

  constructor(shardBase: string, namespace: string) {
    this.base = `${shardBase}near:${namespace}:`;
  }

  /** Sorted set: digests of tenants by the time of their last near miss. */
  get tenants(): string {
    return `${this.base}tenants`;
  }

  /** Hash: day since 1970 → tokens of strangers. */
  get others(): string {
    return `${this.base}others`;
  }

  /** Sorted set: ids by time. */
  byTime(tenant: string): string {
    return `${this.base}time:${tenant}`;
  }

  /** Hash: `record:<id>`, `requests:<id>`, `times:<id>`. */
  records(tenant: string): string {
    return `${this.base}records:${tenant}`;
  }
}
