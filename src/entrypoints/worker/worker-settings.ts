import { parseSettings, type Settings, settingsSchema } from "../../config/settings.ts";
import { err, type Result } from "../../domain/result.ts";

/** Bindings of a Worker: variables, secrets, and objects of the runtime. */
export type WorkerEnvironment = Readonly<Record<string, unknown>>;

/** The settings that mean on Workers what they mean on Node. */
const USED: ReadonlySet<string> = new Set([
  "BERTH_PUBLIC_URL",
  "BERTH_ENCRYPTION_KEY",
  "BERTH_BOOTSTRAP_TOKEN",
  "BERTH_REDIS_URL",
  "BERTH_REDIS_PREFIX",
  "BERTH_STORE_TIMEOUT_MS",
  "BERTH_REFUSAL_DELAY_MS",
  "BERTH_NEAR_MISS_PERSONAL",
  "BERTH_RATE_LIMIT_PER_SECOND",
  "BERTH_RATE_LIMIT_BURST",
  "BERTH_LOG_LEVEL",
]);

/** What takes the place of the others, where something does. */
const INSTEAD: Readonly<Record<string, string>> = {
  BERTH_FILE: "apply the declaration with `berth apply`, over the management API",
  BERTH_TRUSTED_PROXIES: "the client's address is Cloudflare's word (cf-connecting-ip)",
  BERTH_COLLECT_SECONDS: "the collector runs by the cron trigger of wrangler.toml",
  BERTH_METRICS_LISTEN: "ask the management API: GET /api/v1/metrics",
  BERTH_AUDIT_FILE: "ask the management API for JSON lines: GET /api/v1/audit",
  BERTH_EGRESS_PROXY: "give the keys of an issuer that is out of reach inline (jwks)",
  BERTH_REDIS_TOPOLOGY: "Workers take a single Redis",
  BERTH_REDIS_TLS_CA: "the certificate of Redis must be one that the public trusts",
};

/**
 * The settings in a Worker's environment, by the same schema and in the same words as on Node; or all that is wrong,
 * what cannot be had on Workers included. Names variables, never a value.
 */
export function parseWorkerSettings(env: WorkerEnvironment): Result<Settings, readonly string[]> {
  const variables = Object.fromEntries(Object.entries(env).flatMap(asVariable));
  const known = new Set(Object.keys(settingsSchema.shape));
  const refused = Object.keys(variables).filter((name) => !USED.has(name) && isKnown(name, known));
  const rest = Object.entries(variables).filter(([name]) => !refused.includes(name));
  const parsed = parseSettings(Object.fromEntries(rest), noFile);
  const problems = [...Object.entries(env).flatMap(typeProblem), ...refused.map(sentence)];
  if (problems.length === 0) return parsed;
  return err([...problems, ...(parsed.ok ? [] : parsed.error)]);
}

/** Passed over, a Redis that is bound so would be a new store beside the one that the others use. */
function typeProblem([name, value]: [string, unknown]): string[] {
  if (!name.startsWith("BERTH_") || isText(value)) return [];
  return [`${name}: must be a variable or a secret of this Worker, and is a binding of another kind`];
}

function isText(value: unknown): boolean {
  return ["string", "number", "boolean", "undefined"].includes(typeof value);
}

/** A number or a switch in `[vars]` arrives as such; what is empty is not set. */
function asVariable([name, value]: [string, unknown]): [string, string][] {
  if (!name.startsWith("BERTH_") || value === "" || value === undefined || !isText(value)) return [];
  return [[name, String(value)]];
}

function isKnown(name: string, known: ReadonlySet<string>): boolean {
  return known.has(name) || known.has(name.replace(/_FILE$/, ""));
}

function sentence(name: string): string {
  const instead = name.endsWith("_FILE") ? "set the variable itself with `wrangler secret put`" : undefined;
  const mend = INSTEAD[name] ?? instead;
  return `${name}: cannot be used on Cloudflare Workers${mend === undefined ? "" : `: ${mend}`}`;
}

function noFile(): never {
  throw Object.assign(new Error("there are no files"), { code: "ENOENT" });
}
