import { startWorkerd, type Workerd, type WorkerOptions } from "./workerd.ts";

/** The bindings of `wrangler.toml`. */
const OBJECTS = {
  NAMESPACES: "NamespaceObject",
  LEDGER: "LedgerObject",
  SYSTEM: "SystemObject",
  ISSUER_KEYS: "IssuerKeysObject",
  COUNTERS: "CountersObject",
} as const;

/** Berth's Worker as it is deployed, in the runtime itself. */
export function startDeployedWorker(options: Omit<WorkerOptions, "objects">): Promise<Workerd> {
  return startWorkerd({ ...options, objects: OBJECTS });
}
