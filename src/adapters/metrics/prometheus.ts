import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import type { ExchangeResult, Metrics, RegistryTokenResult } from "../../usecases/metrics.ts";
import type { SweepKind } from "../../usecases/store-records.ts";
import type { KeyEvent } from "../oidc/key-event.ts";
import { type Observed, ObservedMetrics } from "./observed-metrics.ts";
import type { ProcessNumbers } from "./process-numbers.ts";

/** Seconds: a push feels 0.1, a client gives up at a few; between them lie the stores. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A label's value where there is none: Prometheus does not tell an empty one from a missing label. */
const NONE = "none";

/** The numbers in Prometheus's format, those of the process among them, in a registry of their own. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: "berth_request_duration_seconds",
    help: "Time from a request's headers to its answer, by the template of its route and the class of its status.",
    labelNames: ["route", "status"],
    buckets: DURATION_BUCKETS,
    registers: [this.#registry],
  });
  readonly #exchanges = this.#counter(
    "berth_exchanges_total",
    "Exchanges of identity tokens, by how they ended and the family of the issuer.",
    ["result", "profile"],
  );
  readonly #registryTokens = this.#counter(
    "berth_registry_tokens_total",
    "Requests for registry tokens, by how they ended and the registry.",
    ["result", "registry"],
  );
  readonly #limited = this.#counter(
    "berth_rate_limited_requests_total",
    "Requests refused for their client's address before anything was looked at.",
  );
  readonly #storeFailures = this.#counter(
    "berth_store_failures_total",
    "Calls of a store that did not answer, or answered that it cannot.",
    ["store"],
  );
  readonly #keyFetches = this.#counter(
    "berth_issuer_key_fetches_total",
    "Fetches of a registered issuer's keys, by what came of them.",
    ["issuer", "result"],
  );
  readonly #collected = this.#counter(
    "berth_collected_records_total",
    "Records that the collector removed, by kind.",
    ["kind"],
  );
  #observed: ObservedMetrics | undefined;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  request(route: string, status: number, milliseconds: number): void {
    this.#requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, milliseconds / 1000);
  }

  exchange(result: ExchangeResult, profile: string | undefined): void {
    // By its family: an operator may have written a name that this release does not know.
    this.#exchanges.inc({ result, profile: profile === undefined ? NONE : profileNamed(profile).name });
  }

  registryToken(result: RegistryTokenResult, service: string | undefined): void {
    this.#registryTokens.inc({ result, registry: service ?? NONE });
  }

  limited(): void {
    this.#limited.inc();
  }

  collected(kind: SweepKind, records: number): void {
    this.#collected.inc({ kind }, records);
  }

  storeFailed(store: "directory" | "ledger"): void {
    this.#storeFailures.inc({ store });
  }

  keyEvent(event: KeyEvent): void {
    const { issuer } = event;
    if (event.kind === "keys_fetched") {
      this.#keyFetches.inc({ issuer, result: "fetched" });
      this.#observed?.keysFetched(issuer);
    }
    if (event.kind === "key_fetch_failed") this.#keyFetches.inc({ issuer, result: event.reason });
  }

  /** Adds what is looked up at the moment of a scrape. Once, when the parts that it looks at are there. */
  observe(observed: Observed): void {
    this.#observed = new ObservedMetrics(this.#registry, observed);
  }

  /** All of it, in the text format of `contentType`. Resolves also while a store is down: that is a number, too. */
  async text(): Promise<string> {
    await this.#observed?.refresh();
    return this.#registry.metrics();
  }

  /** The same, to be added up with those of other processes. */
  async numbers(): Promise<ProcessNumbers> {
    await this.#observed?.refresh();
    return this.#registry.getMetricsAsJSON();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }
}
