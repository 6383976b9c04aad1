import { profileNamed } from "../../domain/identity/profiles/all.ts";
import type { ExchangeResult, Metrics, RegistryTokenResult } from "../../usecases/metrics.ts";
import type { SweepKind } from "../../usecases/store-records.ts";
import { type MetricName, type Series, seriesOf } from "./series.ts";

/** Seconds, as in `prometheus.ts`. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** A label's value where there is none: Prometheus does not tell an empty one from a missing label. */
const NONE = "none";

/** Counts what happens in this isolate until somebody takes the counts to where those of all isolates are. */
export class CountedMetrics implements Metrics {
  readonly #counts = new Map<string, number>();

  request(route: string, status: number, milliseconds: number): void {
    const labels = { route, status: `${Math.floor(status / 100)}xx` };
    const seconds = milliseconds / 1000;
    const name = "berth_request_duration_seconds";
    for (const bound of DURATION_BUCKETS) {
      this.#add(seriesOf(`${name}_bucket`, { ...labels, le: String(bound) }), seconds <= bound ? 1 : 0);
    }
    this.#add(seriesOf(`${name}_bucket`, { ...labels, le: "+Inf" }), 1);
    this.#add(seriesOf(`${name}_sum`, labels), seconds);
    this.#add(seriesOf(`${name}_count`, labels), 1);
  }

  exchange(result: ExchangeResult, profile: string | undefined): void {
    const family = profile === undefined ? NONE : profileNamed(profile).name;
    this.count("berth_exchanges_total", { result, profile: family });
  }

  registryToken(result: RegistryTokenResult, service: string | undefined): void {
    this.count("berth_registry_tokens_total", { result, registry: service ?? NONE });
  }

  limited(): void {
    this.count("berth_rate_limited_requests_total");
  }

  collected(kind: SweepKind, records: number): void {
    this.count("berth_collected_records_total", { kind }, records);
  }

  count(name: MetricName, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    this.#add(seriesOf(name, labels), by);
  }

  /** Hands out what was counted since the last call. */
  take(): Series {
    const taken = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return taken;
  }

  /** Takes back what could not be brought to its place. */
  putBack(series: Series): void {
    for (const [name, value] of Object.entries(series)) this.#add(name, value);
  }

  #add(series: string, by: number): void {
    this.#counts.set(series, (this.#counts.get(series) ?? 0) + by);
  }
}
