import type { KeySet } from "./key-set.ts";

/** Where the keys of one issuer come from. */
export interface KeySource<Keys = KeySet> {
  /** The keys to verify with now; undefined when none can be had. */
  current(): Promise<Keys | undefined>;
  /**
   * Keys newer than `seen`, under which a token did not verify; undefined when there are none. One look for them a
   * cool-down, claimed before the fetch.
   */
  newerThan(seen: Keys): Promise<Keys | undefined>;
}
