/** The Worker as it is deployed, with a clock that tests set, a store of its own for each test, and its ports in reach. */
import { AsyncLocalStorage } from "node:async_hooks";
import { UnbufferedTrail } from "../../src/adapters/audit/unbuffered-trail.ts";
import type { ObjectBinding } from "../../src/adapters/durable-object/bindings.ts";
import { RequestScope } from "../../src/adapters/runtime/request-scope.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import { WorkerHandlers, type WorkerModule } from "../../src/entrypoints/worker/worker-handlers.ts";
import { parseWorkerSettings, type WorkerEnvironment } from "../../src/entrypoints/worker/worker-settings.ts";
import { workerStores } from "../../src/entrypoints/worker/worker-stores.ts";
import { readWorld, type World, withNotes } from "./world.ts";

export {
  CountersObject,
  IssuerKeysObject,
  LedgerObject,
  NamespaceObject,
  SystemObject,
} from "../../src/entrypoints/worker.ts";

const realNow = Date.now;
let frozenNow: number | undefined;
Date.now = () => frozenNow ?? realNow();

const notes = new AsyncLocalStorage<{ readonly log: string[]; readonly trail: AuditEvent[] }>();
const print = console.log;
console.log = (line: string) => {
  notes.getStore()?.log.push(line);
  print(line);
};

const { add } = UnbufferedTrail.prototype;
UnbufferedTrail.prototype.add = function (event, candidate) {
  notes.getStore()?.trail.push(event);
  add.call(this, event, candidate);
};

const OBJECTS = ["NAMESPACES", "LEDGER", "SYSTEM", "ISSUER_KEYS", "COUNTERS"];
const worlds = new Map<string, WorkerHandlers>();

/** What a deployed Worker gets for this test alone: objects whose names no other test has. */
function environmentOf(world: World, env: WorkerEnvironment): WorkerEnvironment {
  const bindings = OBJECTS.map((name) => {
    const binding = env[name] as ObjectBinding<unknown>;
    return [name, { getByName: (object: string) => binding.getByName(`${world.name} ${object}`) }];
  });
  return { ...Object.fromEntries(bindings), ...world.settings };
}

/** A method of a port, called as a request of the Worker calls it. */
async function callPort(path: string, args: unknown[], env: WorkerEnvironment): Promise<Response> {
  const settings = parseWorkerSettings(env);
  if (!settings.ok) return new Response(settings.error.join("\n"), { status: 500 });
  const scope = new RequestScope();
  const ports = workerStores(settings.value, env as never, scope) as unknown as Record<string, Port>;
  const [port = "", method = ""] = path.split("/");
  let ended: Promise<unknown> = Promise.resolve();
  const endsWith = (work: Promise<unknown>) => {
    ended = work;
  };
  const value = await scope.run(
    endsWith,
    async () => ports[port]?.[method]?.(...args),
    async () => undefined,
  );
  await ended;
  return Response.json({ value });
}

type Port = Readonly<Record<string, (...args: unknown[]) => unknown>>;

async function answer(request: Request, world: World, env: WorkerEnvironment, ended: Promise<unknown>[]) {
  const { pathname } = new URL(request.url);
  const handlers = worlds.get(world.name) ?? new WorkerHandlers();
  worlds.set(world.name, handlers);
  const waitUntil = (work: Promise<unknown>) => void ended.push(work);
  if (pathname.startsWith("/test/ports/")) {
    return callPort(pathname.slice("/test/ports/".length), (await request.json()) as unknown[], env);
  }
  if (pathname !== "/test/cron") return handlers.answer(request, env, waitUntil);
  await handlers.collect(env, waitUntil);
  return new Response();
}

export default {
  fetch: async (request, env, context) => {
    const world = readWorld(request.headers);
    frozenNow = world.now;
    const own = { log: [], trail: [] };
    const ended: Promise<unknown>[] = [];
    const response = await notes.run(own, () => answer(request, world, environmentOf(world, env), ended));
    for (const work of ended) context.waitUntil(work);
    return withNotes(response, own);
  },
} satisfies Pick<WorkerModule, "fetch">;
