import { Counter, Gauge, type Registry } from "prom-client";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { type Clock, type Directory, type Ledger, UnavailableError } from "../../usecases/ports.ts";

/** What the audit record has lost, and what waits for it, since the start. */
export interface AuditFigures {
  readonly lost: number;
  readonly buffered: number;
  /** Lines that the audit sink could not take. */
  readonly sinkLost: number;
  readonly nearMissesLost: number;
  /** Refusals of wrong secrets that were counted and not recorded. */
  readonly leftOut: number;
}

/** The parts that are looked at when somebody asks for the numbers. */
export interface Observed {
  readonly directory: Pick<Directory, "ping" | "readSystem" | "readKeys">;
  readonly ledger: Pick<Ledger, "ping">;
  readonly clock: Clock;
  readonly audit: () => AuditFigures;
}

/** Numbers that are somebody else's state: brought up to date at each scrape, at one read of the directory each. */
export class ObservedMetrics {
  readonly #observed: Observed;
  readonly #registry: Registry;
  /** Issuer → Unix milliseconds of its last fetch. Those that are not registered any more go at a scrape. */
  readonly #fetchedAt = new Map<string, number>();
  readonly #storeUp: Gauge<"store">;
  readonly #keysAge: Gauge<"issuer">;
  readonly #expiry: Gauge<"use" | "registry">;
  readonly #buffered: Gauge;
  readonly #totals: readonly (readonly [Counter, (figures: AuditFigures) => number])[];

  constructor(registry: Registry, observed: Observed) {
    this.#registry = registry;
    this.#observed = observed;
    // One process that cannot reach the store is one that cannot serve.
    this.#storeUp = this.#gauge("berth_store_up", "Whether a store answers: 1 or 0.", ["store"], "min");
    // One that nobody asked for a while has no reason to fetch: the newest fetch is what tells.
    this.#keysAge = this.#gauge(
      "berth_issuer_keys_age_seconds",
      "Time since this process fetched an issuer's keys.",
      ["issuer"],
      "min",
    );
    this.#expiry = this.#gauge(
      "berth_certificate_expiry_timestamp_seconds",
      "When the newest certificate of a use ends, in Unix seconds: of the CA, of leaves (x5c), of a pinned key.",
      ["use", "registry"],
      "max",
    );
    this.#buffered = this.#gauge("berth_audit_events_buffered", "Audit events on their way to the ledger.");
    this.#totals = [
      [
        this.#counter("berth_audit_events_lost_total", "Audit events that never got into the ledger."),
        (f) => f.lost,
      ],
      [
        this.#counter("berth_audit_sink_lines_lost_total", "Lines that the audit sink did not take."),
        (f) => f.sinkLost,
      ],
      [
        this.#counter(
          "berth_near_misses_lost_total",
          "Refused tokens that were not looked at for near misses.",
        ),
        (f) => f.nearMissesLost,
      ],
      [
        this.#counter(
          "berth_wrong_secrets_unrecorded_total",
          "Wrong secrets at /v2/auth beyond those that are recorded.",
        ),
        (f) => f.leftOut,
      ],
    ];
  }

  keysFetched(issuer: string): void {
    this.#fetchedAt.set(issuer, this.#observed.clock.now());
  }

  /** Never rejects for a store that is down: its gauges are then empty, and `berth_store_up` says 0. */
  async refresh(): Promise<void> {
    const { directory, ledger, audit } = this.#observed;
    const [directoryUp, ledgerUp, issuers, keys] = await Promise.all([
      isUp(directory.ping()),
      isUp(ledger.ping()),
      whenUp(directory.readSystem().then((system) => system.issuers.map(({ url }) => url))),
      whenUp(directory.readKeys()),
    ]);
    this.#storeUp.set({ store: "directory" }, directoryUp);
    this.#storeUp.set({ store: "ledger" }, ledgerUp);
    this.#setKeyAges(issuers);
    this.#setExpiries(keys ?? []);
    const figures = audit();
    this.#buffered.set(figures.buffered);
    for (const [counter, total] of this.#totals) {
      counter.reset();
      counter.inc(total(figures));
    }
  }

  #setKeyAges(registered: readonly string[] | undefined): void {
    this.#keysAge.reset();
    if (registered === undefined) return;
    const known = new Set(registered);
    for (const [issuer, fetchedAt] of this.#fetchedAt) {
      if (known.has(issuer)) this.#keysAge.set({ issuer }, (this.#observed.clock.now() - fetchedAt) / 1000);
      else this.#fetchedAt.delete(issuer);
    }
  }

  #setExpiries(keys: readonly StoredKey[]): void {
    this.#expiry.reset();
    const oldestFirst = keys.toSorted((left, right) => (left.notAfter ?? 0) - (right.notAfter ?? 0));
    for (const { use, registry = "none", notAfter } of oldestFirst) {
      if (notAfter !== undefined) this.#expiry.set({ use, registry }, notAfter);
    }
  }

  /** @param aggregator Of the values of several processes, one. */
  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    aggregator: "sum" | "min" | "max" = "sum",
  ): Gauge<Label> {
    return new Gauge({ name, help, labelNames: [...labelNames], aggregator, registers: [this.#registry] });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }
}

async function isUp(answer: Promise<void>): Promise<0 | 1> {
  return (await whenUp(answer.then(() => true))) ? 1 : 0;
}

async function whenUp<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof UnavailableError) return undefined;
    throw fault;
  }
}
