import type { Clock, RateLimit } from "../../usecases/ports.ts";
import { ownCopy } from "./own-copy.ts";

/** Keys remembered: 10 MB at the most, by the longest names of tenants. Who was forgotten has a full bucket again. */
const MAX_KEYS = 10_000;

interface Bucket {
  readonly key: string;
  /** Below zero: owed. */
  level: number;
  /** Unix milliseconds of `level`. */
  at: number;
}

export interface BucketSize {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A token bucket for each key, in the memory of this process: of several instances each counts for itself. Of too
 * many keys the one that was used the longest ago goes, so that a flood of keys costs a bounded memory and locks
 * nobody out.
 */
export class TokenBuckets implements RateLimit {
  readonly #size: BucketSize;
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize, clock: Clock, maxKeys = MAX_KEYS) {
    this.#size = size;
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  take(key: string): number {
    const bucket = this.#filled(key);
    if (bucket.level < 1) return this.#seconds(bucket.level);
    bucket.level -= 1;
    return 0;
  }

  wait(key: string): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return 0;
    const level = this.#levelAt(bucket, this.#clock.now());
    return level < 1 ? this.#seconds(level) : 0;
  }

  charge(key: string): void {
    const bucket = this.#filled(key);
    bucket.level = Math.max(bucket.level - 1, -this.#size.burst);
  }

  /** Brings the bucket up to now, and to the end of the map's order, as the one that was used last. */
  #filled(key: string): Bucket {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { key: ownCopy(key), level: this.#size.burst, at: now };
    bucket.level = this.#levelAt(bucket, now);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(bucket.key, bucket);
    if (this.#buckets.size > this.#maxKeys) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest);
      return;
    }
  }

  /** A clock that was set back fills nothing, and takes nothing away. */
  #levelAt({ level, at }: Bucket, now: number): number {
    const elapsedMs = Math.max(0, now - at);
    return Math.min(this.#size.burst, level + (elapsedMs * this.#size.perSecond) / 1000);
  }

  #seconds(level: number): number {
    return Math.max(1, Math.ceil((1 - level) / this.#size.perSecond));
  }
}
