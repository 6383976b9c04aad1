import * as z from "zod";
import type { Secret } from "../domain/accounts/secret.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { berthVariables, type Environment, type ReadFile } from "./environment.ts";
import { text, wholeNumber } from "./setting-fields.ts";
import {
  type EncryptionKey,
  isLoopbackHost,
  type ListenAddress,
  type Parsed,
  parseApiToken,
  parseEncryptionKeys,
  parseListenAddress,
  parsePublicUrl,
  parseServerUrl,
  parseTrustedProxies,
} from "./setting-values.ts";
import { suggestion } from "./spelling.ts";

/** Every setting, checked. The files that some name are not read yet. */
export interface Settings {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly listen: ListenAddress;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** IP addresses and networks in CIDR form. */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  /** Absent: the stores are SQLite files in `dataDir`. The URL may hold a password. */
  readonly redis?: { readonly url: string; readonly prefix: string };
  readonly storeTimeoutMs: number;
  /** At least one; the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** The first API token, where there has never been one. */
  readonly bootstrapToken?: Secret;
  readonly declarationFile?: string;
  /** May hold a password. */
  readonly egressProxy?: string;
  readonly refusalDelayMs: number;
  readonly nearMissPersonal: boolean;
  /** Between two runs of the collector; 0: it does not run by itself. */
  readonly collectSeconds: number;
  /** `-` is standard output. */
  readonly auditFile?: string;
  /** Requests of one client address; absent: no limit. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  /** Absent: no metrics. */
  readonly metricsListen?: ListenAddress;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** The page docs/configuration.md is made from these entries; a secret may come from a file. */
export const settingsSchema = z
  .strictObject({
    BERTH_PUBLIC_URL: text(parsePublicUrl).meta({
      description:
        "The URL under which clients and registries reach this server: the `iss` of registry tokens, and the audience that identity tokens must have. May have a path.",
      limits: "https, or http on a loopback host; no slash at its end",
    }),
    BERTH_LISTEN: text(parseListenAddress).prefault("127.0.0.1:8080").meta({
      description: "The address and port to listen on.",
      limits: "an IP address or `localhost`, and a port; `0` takes a free one",
    }),
    BERTH_TLS_CERT: z.string().optional().meta({
      description: "File with the certificate chain (PEM) for serving TLS. Read again when it changes.",
      limits: "together with `BERTH_TLS_KEY`",
    }),
    BERTH_TLS_KEY: z.string().optional().meta({
      description: "File with the private key (PEM) of `BERTH_TLS_CERT`.",
      limits: "together with `BERTH_TLS_CERT`",
    }),
    BERTH_TRUSTED_PROXIES: text(parseTrustedProxies).optional().meta({
      description:
        "The reverse proxies in front, which terminate TLS and whose `X-Forwarded-For` is believed. An https public URL needs TLS here or a proxy named here, unless this server listens on a loopback address only. A proxy on this machine is named too, if its `X-Forwarded-For` is to be believed.",
      limits: "addresses and CIDR networks, separated by commas",
    }),
    BERTH_DATA_DIR: z.string().prefault("./data").meta({
      description: "Folder of the SQLite files, on a local disk.",
    }),
    BERTH_REDIS_URL: text((value) => parseServerUrl(value, ["redis", "rediss"]))
      .optional()
      .meta({
        description: "Redis or Valkey to keep everything in, for more than one machine. Not set: SQLite.",
        limits: "a URL with redis:// or rediss:// (TLS)",
        secret: true,
      }),
    BERTH_REDIS_PREFIX: text(parsePrefix).prefault("berth:").meta({
      description: "What the names of all keys in Redis begin with.",
      limits: "1 to 64 letters, digits and `:._-`",
    }),
    BERTH_STORE_TIMEOUT_MS: wholeNumber(100, 30_000).prefault("2000").meta({
      description: "How long the store may take to answer, in milliseconds; after that the answer is 503.",
      limits: "100 to 30000",
    }),
    BERTH_ENCRYPTION_KEY: text(parseEncryptionKeys).meta({
      description:
        'Keys that encrypt Berth\'s signing keys at rest. The first encrypts, all decrypt, so a new one is put in front. Made with `echo "k1:$(openssl rand -base64 32)"`.',
      limits: "`ID:KEY`, each key 32 bytes in base64, separated by commas",
      secret: true,
    }),
    BERTH_BOOTSTRAP_TOKEN: text(parseApiToken).optional().meta({
      description:
        "The first API token with `super:user`, good for 24 hours, in which to make one for each person and program. Works only while the store has never had one; later it is ignored. Made with `berth admin bootstrap --print-only`.",
      limits: "`bra_…`",
      secret: true,
    }),
    BERTH_FILE: z.string().optional().meta({
      description: "The declaration file (below), applied at start when its content is new.",
    }),
    BERTH_EGRESS_PROXY: text((value) => parseServerUrl(value, ["http", "https"]))
      .optional()
      .meta({
        description: "HTTP proxy through which the keys of issuers are fetched.",
        limits: "a URL with http:// or https://",
      }),
    BERTH_REFUSAL_DELAY_MS: wholeNumber(10, 5000).prefault("100").meta({
      description:
        "The earliest answer to an exchange that no rule allows, in milliseconds after the signature was verified, so that its time tells nothing about robots and rules.",
      limits: "10 to 5000",
    }),
    BERTH_NEAR_MISS_PERSONAL: z.enum(["true", "false"]).prefault("false").meta({
      description:
        "Whether near misses (docs/explain.md) keep logins, mail addresses and the ids of people, for rules that name them.",
    }),
    BERTH_COLLECT_SECONDS: wholeNumber(0, 86_400).prefault("300").meta({
      description:
        "How often this server removes what deletion and time left behind (docs/operations.md), in seconds, half as much more or less. Of several servers on one store one does it at a time.",
      limits: "0 to 86400; `0` turns it off",
    }),
    BERTH_AUDIT_FILE: z.string().optional().meta({
      description:
        "File that gets each audit event as one JSON line as well, once the store has it; `-` is standard output. A file that was moved away is made anew within a second (logrotate). Lines that cannot be written are counted as lost, and no request waits or fails for them.",
      limits: "a path in a folder that exists, or `-`",
    }),
    BERTH_RATE_LIMIT_PER_SECOND: wholeNumber(0, 1_000_000).prefault("20").meta({
      description:
        "Requests a second that one client address (IPv6: a /64 network) may make in the long run, to everything but metadata and health; beyond it the answer is 429. Loopback addresses are not limited. Raise it where many clients come from one address that is not a trusted proxy.",
      limits: "0 to 1000000; `0` turns the limit off",
    }),
    BERTH_RATE_LIMIT_BURST: wholeNumber(1, 1_000_000).prefault("600").meta({
      description:
        "Requests that one client address may make at once. A matrix of sixty jobs behind one address makes about eight each.",
      limits: "1 to 1000000",
    }),
    BERTH_METRICS_LISTEN: text(parseListenAddress).optional().meta({
      description:
        "The address and port of `/metrics`, for Prometheus. There is no access control: whoever reaches it can read it. Not set: no metrics.",
      limits: "as `BERTH_LISTEN`, with another port",
    }),
    BERTH_LOG_LEVEL: z.enum(LOG_LEVELS).prefault("info").meta({ description: "The least level to log." }),
  })
  .refine((values) => (values.BERTH_TLS_CERT === undefined) === (values.BERTH_TLS_KEY === undefined), {
    path: ["BERTH_TLS_CERT"],
    error: "must be set together with BERTH_TLS_KEY",
    when: () => true,
  })
  .refine(
    (values) =>
      values.BERTH_PUBLIC_URL.startsWith("http:") ||
      values.BERTH_TLS_CERT !== undefined ||
      values.BERTH_TRUSTED_PROXIES !== undefined ||
      isLoopbackHost(values.BERTH_LISTEN.host),
    {
      path: ["BERTH_PUBLIC_URL"],
      error:
        "is https, but nothing speaks TLS: set BERTH_TLS_CERT and BERTH_TLS_KEY, name the proxies in front in BERTH_TRUSTED_PROXIES, or listen on a loopback address behind a proxy of this machine",
      when: ({ issues }) =>
        !issues.some(({ path }) => path?.[0] === "BERTH_PUBLIC_URL" || path?.[0] === "BERTH_LISTEN"),
    },
  );

/**
 * The settings in `env`, or all that is wrong with them at once: each problem names its variable, none a value.
 * `BERTH_TEST_…` is for tests and left alone.
 */
export function parseSettings(env: Environment, readFile: ReadFile): Result<Settings, readonly string[]> {
  const { shape } = settingsSchema;
  const names = Object.keys(shape);
  const secrets = names.filter((name) => shape[name as keyof typeof shape].meta()?.secret === true);
  const { values, fileProblems } = berthVariables(env, secrets, readFile);
  const parsed = settingsSchema.safeParse(values, { error: describe });
  if (parsed.success && fileProblems.size === 0) return ok(toSettings(parsed.data));
  const problems = (parsed.error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((name) =>
        unknown(name, [...names, ...secrets.map((secret) => `${secret}_FILE`)]),
      );
    // A file that gave nothing has its own problem.
    return fileProblems.has(String(issue.path[0])) ? [] : [`${issue.path.join(".")}: ${issue.message}`];
  });
  return err([...problems, ...fileProblems.values()]);
}

function unknown(name: string, known: readonly string[]): string {
  return `${name}: is not a setting${suggestion(name, known)}`;
}

const describe: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return "is required";
  return issue.code === "invalid_value" ? `must be one of ${issue.values.join(", ")}` : undefined;
};

function toSettings(values: z.output<typeof settingsSchema>): Settings {
  const {
    BERTH_TLS_CERT: certFile,
    BERTH_TLS_KEY: keyFile,
    BERTH_REDIS_URL: redisUrl,
    BERTH_BOOTSTRAP_TOKEN: bootstrapToken,
    BERTH_FILE: declarationFile,
    BERTH_EGRESS_PROXY: egressProxy,
    BERTH_AUDIT_FILE: auditFile,
    BERTH_RATE_LIMIT_PER_SECOND: perSecond,
    BERTH_METRICS_LISTEN: metricsListen,
  } = values;
  return {
    publicUrl: values.BERTH_PUBLIC_URL,
    listen: values.BERTH_LISTEN,
    ...(certFile === undefined || keyFile === undefined ? {} : { tls: { certFile, keyFile } }),
    trustedProxies: values.BERTH_TRUSTED_PROXIES ?? [],
    dataDir: values.BERTH_DATA_DIR,
    ...(redisUrl === undefined ? {} : { redis: { url: redisUrl, prefix: values.BERTH_REDIS_PREFIX } }),
    storeTimeoutMs: values.BERTH_STORE_TIMEOUT_MS,
    encryptionKeys: values.BERTH_ENCRYPTION_KEY,
    ...(bootstrapToken === undefined ? {} : { bootstrapToken }),
    ...(declarationFile === undefined ? {} : { declarationFile }),
    ...(egressProxy === undefined ? {} : { egressProxy }),
    refusalDelayMs: values.BERTH_REFUSAL_DELAY_MS,
    nearMissPersonal: values.BERTH_NEAR_MISS_PERSONAL === "true",
    collectSeconds: values.BERTH_COLLECT_SECONDS,
    ...(auditFile === undefined ? {} : { auditFile }),
    ...(perSecond === 0 ? {} : { rateLimit: { perSecond, burst: values.BERTH_RATE_LIMIT_BURST } }),
    ...(metricsListen === undefined ? {} : { metricsListen }),
    logLevel: values.BERTH_LOG_LEVEL,
  };
}

/** Braces would decide in which slot of a cluster a key stands. */
function parsePrefix(value: string): Parsed<string> {
  return /^[A-Za-z0-9:._-]{1,64}$/.test(value) ? ok(value) : err("must be 1 to 64 letters, digits and :._-");
}
