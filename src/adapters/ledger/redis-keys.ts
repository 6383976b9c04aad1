import { SHARDS } from "../../domain/accounts/secret.ts";

export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/**
 * The names of a shard's keys. The tag in braces puts all of them into one slot of a cluster, so that a script
 * may take any of them together.
 */
export class ShardKeys {
  /** For the keys that a script finds by what it has read: it appends `cred:<id>`, and so on. */
  readonly base: string;

  constructor(keyPrefix: string, shard: number) {
    this.base = `${keyPrefix}{s:${String(shard).padStart(2, "0")}}:`;
  }

  /** Hash: `id`, `born` (Unix milliseconds). */
  get epoch(): string {
    return `${this.base}epoch`;
  }

  /** String: `<credential id> <retry key hash>`, or `blocked`. */
  mark(replayKey: string): string {
    return `${this.base}mark:${replayKey}`;
  }

  /** Hash: `record` and, apart from it, what scripts read and write. */
  credential(id: string): string {
    return `${this.base}cred:${id}`;
  }

  /**
   * Sorted set: `<credential id> <robot>` by expiry (Unix seconds), of all credentials that have not expired. Only
   * time takes one out, so that a page of a list finds its place again (redis-credential-list.ts).
   */
  get live(): string {
    return `${this.base}live`;
  }

  /** Sorted set: credential id by expiry, of one robot's; otherwise as `live`. */
  robot(uid: string): string {
    return `${this.base}robot:${uid}`;
  }

  /** Sorted set: `<epoch> <credential id>` by expiry, of live credentials under reusable identity tokens. */
  reusable(uid: string): string {
    return `${this.base}reusable:${uid}`;
  }

  /** Stream: `event`, and `replaced` where a retry replaced a credential. */
  get audit(): string {
    return `${this.base}audit`;
  }

  /** Stream of refusals: apart, so that a flood of them pushes out nothing else. */
  get refusals(): string {
    return `${this.base}refusals`;
  }
}
