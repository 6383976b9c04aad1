import type { Hono } from "hono";
import { NearMissBuffer } from "../../adapters/audit/near-miss-buffer.ts";
import { SampledTrail } from "../../adapters/audit/sampled-trail.ts";
import { UnbufferedTrail } from "../../adapters/audit/unbuffered-trail.ts";
import { jsonLines, type Log } from "../../adapters/log/json-lines.ts";
import type { MetricName } from "../../adapters/metrics/series.ts";
import { RequestScope, type WaitUntil } from "../../adapters/runtime/request-scope.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { Settings } from "../../config/settings.ts";
import type { AppEnv } from "../../http/deps.ts";
import { keepNearMisses } from "../../usecases/management/keep-near-misses.ts";
import { bootstrapFromSettings } from "../bootstrap.ts";
import { collect } from "../collector.ts";
import { refuseHalfRestored } from "../half-restored.ts";
import { prepareKeys } from "../prepare-keys.ts";
import { lastingBody } from "./lasting-body.ts";
import { privateIssuerObstacle } from "./private-issuer.ts";
import { createWorkerApp, type RequestEnvironment, type WorkerBindings } from "./worker-app.ts";
import { WorkerMetrics } from "./worker-metrics.ts";
import { type WorkerStores, workerStores } from "./worker-stores.ts";

/** Berth in one isolate. Between requests it keeps values alone, never a promise or what is open. */
export class WorkerService {
  readonly #settings: Settings;
  readonly #bindings: WorkerBindings;
  readonly #log: Log;
  readonly #scope = new RequestScope();
  readonly #stores: WorkerStores;
  readonly #metrics: WorkerMetrics;
  readonly #trail: UnbufferedTrail;
  #app: Hono<AppEnv> | undefined;

  constructor(settings: Settings, bindings: WorkerBindings, write: (line: string) => void) {
    this.#settings = settings;
    this.#bindings = bindings;
    this.#log = jsonLines(settings.logLevel, write, systemClock.now);
    this.#stores = workerStores(settings, bindings, this.#scope);
    this.#metrics = new WorkerMetrics(bindings.COUNTERS, this.#stores, systemClock);
    this.#trail = this.#createTrail();
  }

  /** Answers a request. Throws as a start does, while the store cannot be used. */
  answer(request: Request, environment: RequestEnvironment, waitUntil: WaitUntil): Promise<Response> {
    return this.#scope
      .run(
        waitUntil,
        async () => {
          const app = await this.#opened();
          return lastingBody(await app.fetch(request, environment));
        },
        async (lasting) => {
          await lasting?.ended;
          await this.#trail.flush();
          await this.#metrics.flushInTime();
        },
      )
      .then(({ response }) => response);
  }

  /** One run of the collector, which the cron trigger starts. */
  collect(waitUntil: WaitUntil): Promise<void> {
    const deps = { ...this.#stores, clock: systemClock, log: this.#log, metrics: this.#metrics.counted };
    return this.#scope.run(
      waitUntil,
      () => collect(deps, { holder: crypto.randomUUID() }),
      () => this.#metrics.flushInTime(),
    );
  }

  /**
   * What a server does at its start, at the first request of the isolate, and again until it succeeds. Several
   * requests and isolates may do it at once: what it writes, it writes if nobody has.
   */
  async #opened(): Promise<Hono<AppEnv>> {
    if (this.#app !== undefined) return this.#app;
    const log = this.#log;
    const stores = { ...this.#stores, warnings: await this.#stores.check(), close: () => undefined };
    for (const warning of stores.warnings) log("warn", "store", { warning });
    await stores.ledger.open();
    await refuseHalfRestored(stores);
    const keys = await prepareKeys(this.#settings, stores, log);
    await bootstrapFromSettings(this.#settings, stores, log);
    await this.#warnOfPrivateIssuers();
    this.#app ??= createWorkerApp(this.#settings, this.#bindings, this.#stores, keys, {
      log,
      trail: new SampledTrail(this.#trail, systemClock),
      auditLoss: () => ({ events: this.#trail.lost }),
      metrics: this.#metrics.counted,
      metricsText: () => this.#metrics.text(),
    });
    return this.#app;
  }

  /** Of a store that serves Node as well: there they work, and to refuse the start would take the rest along. */
  async #warnOfPrivateIssuers(): Promise<void> {
    const { issuers } = await this.#stores.directory.readSystem();
    for (const issuer of issuers) {
      const obstacle = privateIssuerObstacle(issuer);
      if (obstacle !== undefined) this.#log("warn", "issuer out of reach", { detail: obstacle });
    }
  }

  #createTrail(): UnbufferedTrail {
    const { directory, nearMisses, ledger } = this.#stores;
    const deps = { directory, nearMisses, clock: systemClock, personal: this.#settings.nearMissPersonal };
    const buffer = new NearMissBuffer(
      (candidates) => keepNearMisses(deps, candidates),
      this.#lossOf("warn", "near misses lost", "berth_near_misses_lost_total"),
    );
    const onLoss = this.#lossOf("error", "audit events lost", "berth_audit_events_lost_total");
    return new UnbufferedTrail(ledger, onLoss, buffer);
  }

  /** Tells and counts a loss, of which the total since the isolate began is given. */
  #lossOf(level: "warn" | "error", message: string, metric: MetricName): (total: number) => void {
    let told = 0;
    return (total) => {
      this.#log(level, message, { lost: total });
      this.#metrics.counted.count(metric, {}, total - told);
      told = total;
    };
  }
}
