import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { ObjectBindings } from "../../src/adapters/durable-object/bindings.ts";
import type { Stores } from "../../src/entrypoints/stores.ts";
import { UnavailableError } from "../../src/usecases/ports.ts";
import type { StoreCall } from "./object-store-worker.ts";
import { decodeWire, encodeWire } from "./wire.ts";
import { bundleWorker, describeWithWorkerd, type Workerd, type WorkerOptions } from "./workerd.ts";

const ENTRY = new URL("object-store-worker.ts", import.meta.url);
const OBJECTS = {
  NAMESPACES: "TestNamespaceObject",
  LEDGER: "TestLedgerObject",
  SYSTEM: "TestSystemObject",
} satisfies Record<keyof ObjectBindings, string>;

/** The adapters as they run in workerd, each call of them over HTTP. */
export interface ObjectStores extends Pick<Stores, Port> {
  /** Sets the birth of every epoch that is there, directly in the objects. */
  ageEpochs(unixSeconds: number): Promise<void>;
  /** Calls an object past the adapters. */
  callObject<T>(binding: keyof ObjectBindings, name: string, method: string, ...args: unknown[]): Promise<T>;
}

type Port = "directory" | "apiTokens" | "ledger" | "nearMisses" | "auditLog" | "sweeper";

async function objectStoreWorker(folder: string): Promise<WorkerOptions> {
  return { script: await bundleWorker(ENTRY, folder), objects: OBJECTS };
}

/** A suite on Durable Objects in one workerd. */
export function describeWithObjects(name: string, suite: (workerd: () => Workerd) => void): void {
  describeWithWorkerd(name, objectStoreWorker, suite);
}

/** Empty stores, on a runtime that others use as well; or with `prefix` those that were opened with it before. */
export function openObjectStores(
  workerd: Workerd,
  { prefix = `${randomUUID()}:`, timeoutMs = 10_000 } = {},
): ObjectStores {
  const batch = new CallBatch(() => workerd.url);
  const call = (target: string, method: string, args: readonly unknown[], object?: string) =>
    batch.send({ prefix, timeoutMs, target, method, args, ...(object !== undefined && { object }) });
  const port = <Name extends Port>(name: Name) =>
    new Proxy({} as Stores[Name], {
      get:
        (_, method: string) =>
        (...args: unknown[]) =>
          call(name, method, args),
    });
  const callObject = async <T>(binding: string, name: string, method: string, ...args: unknown[]) =>
    (await call(binding, method, args, name)) as T;
  return {
    directory: port("directory"),
    apiTokens: port("apiTokens"),
    ledger: port("ledger"),
    nearMisses: port("nearMisses"),
    auditLog: port("auditLog"),
    sweeper: port("sweeper"),
    ageEpochs: async (unixSeconds) => {
      await call("test", "ageEpochs", [unixSeconds]);
    },
    callObject,
  };
}

/** Calls that are made in one turn of the event loop travel together, and run at once. */
class CallBatch {
  readonly #url: () => string;
  #waiting: StoreCall[] = [];
  #answers: Promise<readonly Answer[]> | undefined;

  constructor(url: () => string) {
    this.#url = url;
  }

  async send(call: StoreCall): Promise<unknown> {
    const at = this.#waiting.push(call) - 1;
    this.#answers ??= setImmediate().then(() => this.#flush());
    const { value, fault } = (await this.#answers)[at] ?? {};
    if (fault === undefined) return value;
    throw fault.name === "UnavailableError" ? new UnavailableError(fault.message) : new Error(fault.message);
  }

  async #flush(): Promise<readonly Answer[]> {
    const calls = this.#waiting;
    this.#waiting = [];
    this.#answers = undefined;
    const response = await fetch(this.#url(), { method: "POST", body: encodeWire(calls) });
    return decodeWire(await response.text()) as readonly Answer[];
  }
}

interface Answer {
  readonly value?: unknown;
  readonly fault?: { readonly name: string; readonly message: string };
}
