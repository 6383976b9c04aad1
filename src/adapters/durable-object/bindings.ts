import type { LedgerCalls } from "./ledger-calls.ts";
import type { NamespaceCalls } from "./namespace-calls.ts";
import type { SystemCalls } from "./system-calls.ts";

/**
 * What is used of a Durable Object binding, so that the client side compiles wherever the rest of Berth does. The
 * `DurableObjectNamespace` of the runtime is one.
 */
export interface ObjectBinding<Calls> {
  /** A stub, which belongs to the request that made it: never kept. */
  getByName(name: string): Calls;
}

/** The bindings of the three classes, by the names that `wrangler.toml` gives them. */
export interface ObjectBindings {
  readonly NAMESPACES: ObjectBinding<NamespaceCalls>;
  readonly LEDGER: ObjectBinding<LedgerCalls>;
  readonly SYSTEM: ObjectBinding<SystemCalls>;
}
