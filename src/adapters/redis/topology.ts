import type { Redirect } from "./fault.ts";
import type { RedisNode } from "./redis-node.ts";

/** The servers that hold the keys. */
export interface Topology {
  /** The server that has `key`; throws UnavailableError while that is not known. */
  nodeOf(key: string): RedisNode;
  /** The server that another one named; undefined where there is one server only. */
  redirected(redirect: Redirect): RedisNode | undefined;
  /** Looks anew who has what, soon: a server has failed, or said that the whole is broken. */
  refresh(): void;
  /** Every server that has keys, as far as is known. */
  nodes(): readonly RedisNode[];
  /** Why not every key has a server that can be used; undefined when each has. */
  fault(): string | undefined;
  close(): void;
}
