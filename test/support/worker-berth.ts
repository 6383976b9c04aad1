import { randomUUID } from "node:crypto";
import { TestRunner } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { Directory, Ledger } from "../../src/usecases/ports.ts";
import { NOTES, takeNotes, type World, worldHeaders } from "../workerd/world.ts";
import { PUBLIC_URL } from "./baseline.ts";
import type { BerthChange, TestBerth } from "./berth-app.ts";
import { ENCRYPTION_KEY } from "./berth-process.ts";
import { type FakeIssuer, startFakeIssuer } from "./fake-issuer.ts";
import { TestClock } from "./test-clock.ts";

/** The Worker that the tests of this run are about (test/workerd/setup.ts). */
export interface WorkerUnderTest {
  readonly url: string;
  /** The bundle that would be deployed. */
  readonly script: string;
  /** The CA that issuers of these tests have. */
  readonly caPem: string;
  /** Absent: the stores are Durable Objects. */
  readonly redisUrl?: string;
}

export function workerUnderTest(): WorkerUnderTest | undefined {
  const given = process.env.BERTH_TEST_WORKER;
  return given === undefined ? undefined : JSON.parse(given);
}

/**
 * The Worker in the real runtime, with a store of its own and the test's clock. Its ports are called in the Worker,
 * over HTTP. Of Redis the clock is the machine's, so that there no test moves it.
 */
export async function startWorkerBerth(
  worker: WorkerUnderTest,
  change: BerthChange,
  putRecords: (directory: Directory, issuer: FakeIssuer, change: BerthChange) => Promise<void>,
): Promise<TestBerth> {
  for (const part of ["failureLimit", "metrics", "trustedProxies"] as const) {
    if (change[part] !== undefined) notAtHand(part);
  }
  const clock = worker.redisUrl === undefined ? new TestClock() : new MachineClock();
  const storeClock = worker.redisUrl === undefined ? new TestClock(clock.now()) : clock;
  const issuer = await startFakeIssuer({ now: () => clock.now() });
  const world = (): World => ({
    name: id,
    settings,
    ...(worker.redisUrl === undefined ? { now: clock.now() } : {}),
  });
  const id = randomUUID();
  const settings = settingsOf(worker, change, id);
  const prefix = new URL(settings.BERTH_PUBLIC_URL ?? "").origin;
  const log: Record<string, unknown>[] = [];
  const trail: AuditEvent[] = [];
  const send = async (input: string | Request, init: RequestInit = {}) => {
    if (!(input instanceof Request)) return request(input, init);
    const { pathname, search } = new URL(input.url);
    return request(`${pathname}${search}`, await initOf(input));
  };
  const request = async (input: string, init: RequestInit = {}) => {
    if (storeClock !== clock && storeClock.now() !== clock.now()) notAtHand("a clock of the store's own");
    const headers = new Headers(init.headers);
    // An HTTP client and a server between them make it none at all.
    if (headers.get("authorization") === "") notAtHand("an empty header");
    for (const [name, value] of Object.entries(worldHeaders(world()))) headers.set(name, value);
    if (change.peerAddress !== undefined) headers.set("cf-connecting-ip", change.peerAddress);
    const path = input.replace(prefix, "");
    const response = await fetch(new URL(path, worker.url), { redirect: "manual", ...init, headers });
    const notes = takeNotes(response);
    log.push(...notes.log.map((line) => JSON.parse(line) as Record<string, unknown>));
    trail.push(...notes.trail);
    return asInProcess(response);
  };
  const port = <Port extends object>(name: string) => remotePort<Port>(name, request);
  const directory = port<Directory>("directory");
  const ledger = port<Ledger>("ledger");
  const parts = {
    app: { request: send },
    log,
    trail,
    issuer,
    clock,
    storeClock,
    directory,
    ledger,
    nearMisses: port("nearMisses"),
    auditLog: port("auditLog"),
    deps: ofBlackBox({ apiTokens: port("apiTokens"), directory, ledger, random: webRandom, clock }),
    minted: async () =>
      (await ledger.readEvents(1000)).filter(({ kind }) => kind === "exchange.granted").length,
    put: (records: BerthChange) => putRecords(directory, issuer, records),
    close: () => issuer.close(),
  };
  // The first request makes the keys, as a start does on Node.
  await request("/readyz");
  await parts.put(change);
  log.length = 0;
  return ofBlackBox(parts) as unknown as TestBerth;
}

async function initOf(request: Request): Promise<RequestInit> {
  const { method, headers } = request;
  return request.body === null ? { method, headers } : { method, headers, body: await request.arrayBuffer() };
}

/** Redis has a clock of its own, which nobody moves. */
class MachineClock extends TestClock {
  override now(): number {
    return Date.now();
  }

  override seconds(): number {
    return Math.floor(Date.now() / 1000);
  }

  override advance(): void {
    notAtHand("a clock that moves");
  }
}

function settingsOf(worker: WorkerUnderTest, change: BerthChange, id: string): Record<string, string> {
  const { addressLimit } = change;
  return {
    BERTH_PUBLIC_URL: change.publicUrl ?? PUBLIC_URL,
    BERTH_ENCRYPTION_KEY: ENCRYPTION_KEY,
    BERTH_REFUSAL_DELAY_MS: String(change.refusalDelayMs ?? 100),
    // A busy machine is no outage.
    BERTH_STORE_TIMEOUT_MS: "20000",
    BERTH_RATE_LIMIT_PER_SECOND: String(addressLimit?.perSecond ?? 0),
    ...(addressLimit === undefined ? {} : { BERTH_RATE_LIMIT_BURST: String(addressLimit.burst) }),
    ...(worker.redisUrl === undefined
      ? {}
      : { BERTH_REDIS_URL: worker.redisUrl, BERTH_REDIS_PREFIX: `${id}:` }),
  };
}

/** A port of the Worker's store, called there. */
function remotePort<Port extends object>(
  name: string,
  request: (path: string, init: RequestInit) => Promise<Response>,
): Port {
  return new Proxy({} as Port, {
    get:
      (_, method) =>
      async (...args: unknown[]) => {
        const response = await request(`/test/ports/${name}/${String(method)}`, {
          method: "POST",
          body: JSON.stringify(args),
        });
        if (response.status !== 200) throw new Error(`${name}.${String(method)}: ${await response.text()}`);
        return ((await response.json()) as { readonly value?: unknown }).value;
      },
  });
}

/** Without what HTTP adds on its way, as `app.request` answers in a process. */
function asInProcess(response: Response): Response {
  const plain = new Response(response.body, response);
  for (const name of ["connection", "content-length", "date", "keep-alive", "transfer-encoding", NOTES]) {
    plain.headers.delete(name);
  }
  return plain;
}

/** Skips the running test, and says why: it is about something of the process that Berth runs in. */
export function notAtHand(what: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`${what}: not at hand in the Workers runtime`);
  console.warn(`skipped: ${test.name}: ${what}: not at hand in the Workers runtime`);
  test.context.skip(what);
  throw new Error("unreachable: a skip is thrown");
}

function ofBlackBox<Parts extends object>(parts: Parts): Parts {
  return new Proxy(parts, {
    get: (target, name, receiver) =>
      name in target || typeof name === "symbol" || name === "then"
        ? Reflect.get(target, name, receiver)
        : notAtHand(name),
  });
}
