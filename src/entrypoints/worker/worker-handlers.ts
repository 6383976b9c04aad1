import { jsonLines } from "../../adapters/log/json-lines.ts";
import type { WaitUntil } from "../../adapters/runtime/request-scope.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { writeToConsole } from "./console-lines.ts";
import type { WorkerBindings } from "./worker-app.ts";
import { WorkerService } from "./worker-service.ts";
import { parseWorkerSettings, type WorkerEnvironment } from "./worker-settings.ts";

/** Seconds after which a client may try again while the store does not answer. */
const RETRY_AFTER_SECONDS = 2;
const OBJECTS = ["NAMESPACES", "LEDGER", "SYSTEM", "ISSUER_KEYS", "COUNTERS"] as const;

const log = jsonLines("info", writeToConsole, systemClock.now);

/** What the runtime gives to each call, as far as it is used. */
interface RuntimeContext {
  waitUntil(work: Promise<unknown>): void;
}

/** What the main module of a Worker exports, as far as Berth does. */
export interface WorkerModule {
  fetch(request: Request, env: WorkerEnvironment, context: RuntimeContext): Promise<Response>;
  scheduled(controller: unknown, env: WorkerEnvironment, context: RuntimeContext): Promise<void>;
}

/** What the runtime calls, for one isolate: its environment never changes while it lives. */
export class WorkerHandlers {
  #opened: Result<WorkerService, readonly string[]> | undefined;

  /** Answers a request; with 503 while the settings or the store cannot be used. */
  async answer(request: Request, env: WorkerEnvironment, waitUntil: WaitUntil): Promise<Response> {
    const service = this.#serviceOf(env);
    if (!service.ok) return notConfigured(service.error);
    // Cloudflare sets it on each request, over what a client may have sent. Those of whom it does not tell (behind a
    // binding, or where a transformation takes it off) are one client to the limit, rather than none.
    const clientAddress = request.headers.get("cf-connecting-ip") ?? "unknown";
    try {
      return await service.value.answer(request, { clientAddress }, waitUntil);
    } catch (fault) {
      return notOpened(fault);
    }
  }

  /** What the cron trigger starts: one run of the collector. Never throws; what went wrong is in the log. */
  async collect(env: WorkerEnvironment, waitUntil: WaitUntil): Promise<void> {
    const service = this.#serviceOf(env);
    if (service.ok) await service.value.collect(waitUntil);
    else notConfigured(service.error);
  }

  #serviceOf(env: WorkerEnvironment): Result<WorkerService, readonly string[]> {
    this.#opened ??= openService(env);
    return this.#opened;
  }
}

function openService(env: WorkerEnvironment): Result<WorkerService, readonly string[]> {
  const settings = parseWorkerSettings(env);
  const unbound = OBJECTS.filter((name) => env[name] === undefined).map(
    (name) => `${name}: is not bound to a Durable Object class; wrangler.toml has the binding`,
  );
  if (!settings.ok) return err([...settings.error, ...unbound]);
  if (unbound.length > 0) return err(unbound);
  return ok(new WorkerService(settings.value, env as unknown as WorkerBindings, writeToConsole));
}

function notOpened(fault: unknown): Response {
  if (fault instanceof ConfigurationError) return notConfigured(fault.problems);
  if (!(fault instanceof UnavailableError)) throw fault;
  log("error", "not started", { fault: fault.message });
  return unavailable("The store does not answer.", { "retry-after": String(RETRY_AFTER_SECONDS) });
}

/** Which variables are wrong is for the operator, who reads the log, and not for whoever asks. */
function notConfigured(problems: readonly string[]): Response {
  log("error", "not started", { problems: problems.join("\n") });
  return unavailable("This Berth is not configured; its log says what is missing.", {});
}

function unavailable(description: string, headers: Readonly<Record<string, string>>): Response {
  return Response.json(
    { error: "temporarily_unavailable", error_description: description },
    { status: 503, headers: { "cache-control": "no-store", ...headers } },
  );
}
