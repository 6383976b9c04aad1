import { WorkerHandlers, type WorkerModule } from "./worker/worker-handlers.ts";

export { LedgerObject } from "../adapters/durable-object/ledger-object.ts";
export { NamespaceObject } from "../adapters/durable-object/namespace-object.ts";
export { SystemObject } from "../adapters/durable-object/system-object.ts";
export { CountersObject } from "./worker/counters-object.ts";
export { IssuerKeysObject } from "./worker/issuer-keys-object.ts";

const handlers = new WorkerHandlers();

/** Berth on Cloudflare Workers: the classes of `wrangler.toml`, and what the runtime calls. */
export default {
  fetch: (request, env, context) => handlers.answer(request, env, (work) => context.waitUntil(work)),
  scheduled: (_controller, env, context) => handlers.collect(env, (work) => context.waitUntil(work)),
} satisfies WorkerModule;
