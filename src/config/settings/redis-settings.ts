import * as z from "zod";
import { err, ok } from "../../domain/result.ts";
import { text, wholeNumber } from "../setting-fields.ts";
import type { Parsed } from "../setting-values.ts";
import { parseRedisUrl } from "./redis-url.ts";

/** The Redis or Valkey that everything is kept in. */
export interface RedisSettings {
  /** `redis[s]://[user:password@]host:port[,host:port…][/database]`. */
  readonly url: string;
  readonly topology: (typeof TOPOLOGIES)[number];
  /** The Sentinels' name of the primary, and how Berth signs in with them; there where the topology is `sentinel`. */
  readonly sentinel?: { readonly name: string; readonly username?: string; readonly password?: string };
  /** Files. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly prefix: string;
  readonly durability: RedisDurability;
}

interface RedisDurability {
  /** How many replicas have a write before it is answered; 0: it is not waited for. */
  readonly waitReplicas: number;
  /** Whether the write must be on the disk as well. */
  readonly waitAof: boolean;
  /** Whether another replication id ends all credentials. */
  readonly epochOnFailover: boolean;
}

const TOPOLOGIES = ["single", "sentinel", "cluster"] as const;

export const redisFields = {
  BERTH_REDIS_URL: text(parseRedisUrl).optional().meta({
    description:
      "Redis or Valkey to keep everything in, for more than one machine. Not set: SQLite. User and password are those of the data's servers; several hosts are the Sentinels, or some nodes of the cluster.",
    limits: "`redis://` or `rediss://` (TLS) `[USER:PASSWORD@]HOST:PORT[,HOST:PORT…][/DATABASE]`",
    secret: true,
  }),
  BERTH_REDIS_TOPOLOGY: z.enum(TOPOLOGIES).prefault("single").meta({
    description: "What the hosts of `BERTH_REDIS_URL` are: one server, Sentinels, or nodes of a cluster.",
  }),
  BERTH_REDIS_SENTINEL_NAME: z.string().optional().meta({
    description: "The name under which the Sentinels watch the primary.",
    limits: "together with `BERTH_REDIS_TOPOLOGY=sentinel`",
  }),
  BERTH_REDIS_SENTINEL_USERNAME: z.string().optional().meta({
    description: "The ACL user with which Berth signs in with the Sentinels.",
    limits: "together with `BERTH_REDIS_SENTINEL_PASSWORD`",
  }),
  BERTH_REDIS_SENTINEL_PASSWORD: z.string().optional().meta({
    description: "The password with which Berth signs in with the Sentinels.",
    limits: "with `BERTH_REDIS_TOPOLOGY=sentinel`",
    secret: true,
  }),
  BERTH_REDIS_TLS_CA: z.string().optional().meta({
    description:
      "File with the CA certificates (PEM) that Redis is trusted by. Not set: those that Node trusts. Read again for each new connection, as are the two below.",
    limits: "with `rediss://`",
  }),
  BERTH_REDIS_TLS_CERT: z.string().optional().meta({
    description: "File with the client certificate (PEM) that Berth shows to Redis.",
    limits: "with `rediss://`, together with `BERTH_REDIS_TLS_KEY`",
  }),
  BERTH_REDIS_TLS_KEY: z.string().optional().meta({
    description: "File with the private key (PEM) of `BERTH_REDIS_TLS_CERT`.",
    limits: "with `rediss://`, together with `BERTH_REDIS_TLS_CERT`",
  }),
  BERTH_REDIS_PREFIX: text(parsePrefix).prefault("berth:").meta({
    description: "What the names of all keys in Redis begin with.",
    limits: "1 to 64 letters, digits and `:._-`",
  }),
  BERTH_REDIS_WAIT_REPLICAS: wholeNumber(0, 8).prefault("0").meta({
    description:
      "How many replicas must have an exchange, a revocation or a change before it is answered (`WAIT`); fewer within a quarter of `BERTH_STORE_TIMEOUT_MS` is a 503. docs/redis.md tells what it closes.",
    limits: "0 to 8",
  }),
  BERTH_REDIS_WAIT_AOF: z.enum(["true", "false"]).prefault("false").meta({
    description:
      "Whether exchanges, revocations and changes must also be in the append-only file on the primary's disk, and on those of the replicas waited for (`WAITAOF`). Needs Redis 7.2 or Valkey, with `appendonly yes`.",
  }),
  BERTH_REDIS_EPOCH_ON_FAILOVER: z.enum(["true", "false"]).prefault("false").meta({
    description:
      "Whether a failover, or a restart of the primary, ends all credentials and refuses all identity tokens issued before it, since nothing could know which were used. As soon as one server sets it, it stands in the store, and all servers of it go by it. To be rid of it: take it from all, start them again, then `berth store new-epoch`.",
  }),
};

export type RedisValues = z.output<z.ZodObject<typeof redisFields>>;

export function toRedisSettings(values: RedisValues): RedisSettings | undefined {
  const { BERTH_REDIS_URL: url, BERTH_REDIS_TOPOLOGY: topology } = values;
  if (url === undefined) return undefined;
  return {
    url,
    topology,
    ...(topology === "sentinel" && {
      sentinel: {
        name: values.BERTH_REDIS_SENTINEL_NAME ?? "",
        ...defined("username", values.BERTH_REDIS_SENTINEL_USERNAME),
        ...defined("password", values.BERTH_REDIS_SENTINEL_PASSWORD),
      },
    }),
    tls: {
      ...defined("ca", values.BERTH_REDIS_TLS_CA),
      ...defined("cert", values.BERTH_REDIS_TLS_CERT),
      ...defined("key", values.BERTH_REDIS_TLS_KEY),
    },
    prefix: values.BERTH_REDIS_PREFIX,
    durability: {
      waitReplicas: values.BERTH_REDIS_WAIT_REPLICAS,
      waitAof: values.BERTH_REDIS_WAIT_AOF === "true",
      epochOnFailover: values.BERTH_REDIS_EPOCH_ON_FAILOVER === "true",
    },
  };
}

function defined<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: string });
}

/** Braces would decide in which slot of a cluster a key stands. */
function parsePrefix(value: string): Parsed<string> {
  return /^[A-Za-z0-9:._-]{1,64}$/.test(value) ? ok(value) : err("must be 1 to 64 letters, digits and :._-");
}
