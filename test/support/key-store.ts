import type { Registry } from "../../src/domain/access/registry.ts";
import type { Namespace } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { StoredKey } from "../../src/domain/keys/stored-key.ts";
import type { Clock } from "../../src/usecases/ports.ts";
import type { KeyDeps } from "../../src/usecases/upkeep/key-deps.ts";

/** The part of a directory and a ledger that Berth's keys need, in memory; records go in and out as JSON. */
export class KeyStore {
  readonly #records = new Map<string, string>();
  readonly namespaces: Namespace[] = [];
  readonly registries: Registry[] = [];
  readonly events: AuditEvent[] = [];
  /** Calls of readKeys. */
  reads = 0;
  /** What every call throws, while set. */
  fault: Error | undefined;

  readonly directory: KeyDeps["directory"] = {
    readKeys: async () => {
      this.reads += 1;
      this.#check();
      return this.keys();
    },
    addKey: async (key) => {
      this.#check();
      if (this.#records.has(key.name)) return false;
      this.put(key);
      return true;
    },
    replaceKey: async (key) => {
      this.#check();
      this.put(key);
    },
    removeKey: async (name) => {
      this.#check();
      this.#records.delete(name);
    },
    listNamespaces: async () => this.namespaces,
    readSystem: async () => ({
      revision: this.registries.length,
      issuers: [],
      registries: this.registries,
    }),
  };

  readonly ledger: KeyDeps["ledger"] = {
    record: async (events) => {
      this.events.push(...events);
    },
  };

  keys(): readonly StoredKey[] {
    return [...this.#records.values()].map((record) => JSON.parse(record));
  }

  names(): readonly string[] {
    return [...this.#records.keys()].toSorted();
  }

  key(name: string): StoredKey {
    const key = this.keys().find((candidate) => candidate.name === name);
    if (key === undefined) throw new Error(`no key ${name}`);
    return key;
  }

  put(key: StoredKey): void {
    this.#records.set(key.name, JSON.stringify(key));
  }

  #check(): void {
    if (this.fault) throw this.fault;
  }
}

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  #now: number;

  /** @param seconds Unix seconds. */
  constructor(seconds: number) {
    this.#now = seconds * 1000;
  }

  now(): number {
    return this.#now;
  }

  async waitUntil(unixMilliseconds: number): Promise<void> {
    this.#now = Math.max(this.#now, unixMilliseconds);
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
