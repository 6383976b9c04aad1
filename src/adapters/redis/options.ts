import type { RedisOptions } from "ioredis";
import { type Endpoint, parseRedisUrl } from "./redis-url.ts";

export interface ConnectionOptions {
  /** `redis[s]://[user:password@]host:port[,host:port…][/database]`; rediss is TLS, for Sentinels as well. */
  readonly url: string;
  /** What the URL's hosts are; default `single`, which has one. */
  readonly topology?: "single" | "sentinel" | "cluster";
  /** The primary's name among the Sentinels, and how to sign in with them. */
  readonly sentinel?: { readonly name: string; readonly username?: string; readonly password?: string };
  /** Before every key, so that several Berths share a Redis. Without `{` and `}`, which choose the cluster slot. */
  readonly keyPrefix: string;
  /** Milliseconds after which every call has ended, in an answer or an UnavailableError; default 2,000. */
  readonly deadlineMs?: number;
  /** Read anew for each connection, so that a renewed certificate is taken up. */
  readonly tls?: () => TlsTexts;
  /** Throws where the `host:port` that a Sentinel names must not be used (`deposed-primary.ts`). */
  readonly mayBePrimary?: (address: string) => null;
  readonly durability?: Durability;
  /** Told once when a node cannot be used any more, when it can again, and of what an operator should know. */
  readonly onNotice?: (notice: string) => void;
  /** Milliseconds between two looks at a server's settings: while all is well, and while they forbid its use. */
  readonly watchMs?: { readonly well: number; readonly ill: number };
}

/** PEM texts: the CA of the servers, and a client certificate where they want one. */
export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What a durable write waits for, and whether another replication id ends the epoch (redis-epoch.ts). */
export interface Durability {
  readonly waitReplicas: number;
  readonly waitAof: boolean;
  readonly epochOnFailover: boolean;
}

/** What `new Redis` takes: ioredis 6 declares `replyMapping` wider in RedisOptions than in its constructor. */
export type ClientOptions = RedisOptions & { replyMapping?: "legacy" };

const DEFAULT_DEADLINE_MS = 2000;
const MAX_RETRY_DELAY_MS = 1000;
const MAX_LOADING_LOOK_MS = 500;

export const NO_DURABILITY: Durability = { waitReplicas: 0, waitAof: false, epochOnFailover: false };
export const WATCH_MS = { well: 60_000, ill: 5000 };

export function deadlineOf(options: ConnectionOptions): number {
  return options.deadlineMs ?? DEFAULT_DEADLINE_MS;
}

/**
 * The options of ioredis for one server, or for the primary that the Sentinels name. It sends each command once, at
 * once, or not at all: a queue of its own would send a write after its caller was told that it failed.
 */
export function clientOptions(options: ConnectionOptions, endpoint: Endpoint): ClientOptions {
  const { username, password, database } = parseRedisUrl(options.url);
  const deadlineMs = deadlineOf(options);
  return {
    ...(options.topology === "sentinel" ? sentinelOptions(options) : endpoint),
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...tlsOptions(options, "tls"),
    protocol: 2,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
    maxLoadingRetryTime: MAX_LOADING_LOOK_MS,
    connectTimeout: deadlineMs,
    // A connection that is silent for half of the deadline is replaced, which leaves time to send once more.
    socketTimeout: deadlineMs / 2,
    retryStrategy: retryDelay,
  };
}

/** Of a connection to one Sentinel, or to a node that is only asked where the slots are. */
export function sideOptions(
  options: ConnectionOptions,
  endpoint: Endpoint,
  of: "sentinel" | "node",
): ClientOptions {
  const { username, password } = of === "sentinel" ? { ...options.sentinel } : parseRedisUrl(options.url);
  return {
    ...endpoint,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...tlsOptions(options, "tls"),
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    lazyConnect: true,
    connectTimeout: deadlineOf(options) / 2,
  };
}

/** The n-th attempt to connect: 0.05 to 1 s, and not in step with the other processes of a fleet. */
export function retryDelay(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 5), MAX_RETRY_DELAY_MS) * (0.5 + Math.random() / 2);
}

function sentinelOptions(options: ConnectionOptions): ClientOptions {
  const { name, username, password } = options.sentinel ?? { name: "" };
  return {
    sentinels: [...parseRedisUrl(options.url).endpoints],
    name,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...tlsOptions(options, "sentinelTLS"),
    enableTLSForSentinelMode: true,
    sentinelCommandTimeout: deadlineOf(options) / 2,
    sentinelRetryStrategy: retryDelay,
    // Meant for addresses behind NAT: it is asked for each that a Sentinel names, and null leaves it as it is.
    ...(options.mayBePrimary === undefined ? {} : { natMap: options.mayBePrimary }),
  };
}

/** ioredis copies the properties of this object for each connection: getters read the files anew. */
function tlsOptions(options: ConnectionOptions, name: "tls" | "sentinelTLS"): ClientOptions {
  if (!parseRedisUrl(options.url).isTls) return {};
  const read: () => TlsTexts = options.tls ?? (() => ({}));
  const texts = {
    get ca() {
      return read().ca;
    },
    get cert() {
      return read().cert;
    },
    get key() {
      return read().key;
    },
  };
  return { [name]: texts };
}
