import type { RedisOptions } from "ioredis";

export interface ConnectionOptions {
  /** `redis://` or `rediss://` (TLS), with ACL user, password and database number where there are any. */
  readonly url: string;
  /** Before every key, so that several Berths share a Redis. Without `{` and `}`, which choose the cluster slot. */
  readonly keyPrefix: string;
  /** Milliseconds after which every call has ended, in an answer or an UnavailableError; default 2,000. */
  readonly deadlineMs?: number;
  /** PEM texts: the CA of a `rediss:` server, and a client certificate where the server wants one. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** What `new Redis` takes: ioredis 6 declares `replyMapping` wider in RedisOptions than in its constructor. */
type ClientOptions = RedisOptions & { replyMapping?: "legacy" };

const DEFAULT_DEADLINE_MS = 2000;
const MAX_RETRY_DELAY_MS = 1000;

export function deadlineOf(options: ConnectionOptions): number {
  return options.deadlineMs ?? DEFAULT_DEADLINE_MS;
}

/**
 * The options of ioredis. It sends each command once, at once, or not at all: a queue of its own would send a
 * write after its caller was told that it failed.
 */
export function clientOptions(options: ConnectionOptions): ClientOptions {
  const url = new URL(options.url);
  const deadlineMs = deadlineOf(options);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === "rediss:" ? { tls: { ...options.tls } } : {}),
    protocol: 2,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
    connectTimeout: deadlineMs,
    // A connection that is silent for half of the deadline is replaced, which leaves time to send once more.
    socketTimeout: deadlineMs / 2,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), MAX_RETRY_DELAY_MS) * jitter(),
  };
}

/** 0.5 to 1: the processes of a fleet do not come back in step. */
function jitter(): number {
  return 0.5 + Math.random() / 2;
}
