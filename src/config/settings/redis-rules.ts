import type { RedisValues } from "./redis-settings.ts";
import { databaseOf, hasSeveralHosts } from "./redis-url.ts";
import type { SettingRule } from "./setting-rule.ts";

type Rule = SettingRule<RedisValues>;
type Name = keyof RedisValues & string;

const TLS_FILES = ["BERTH_REDIS_TLS_CA", "BERTH_REDIS_TLS_CERT", "BERTH_REDIS_TLS_KEY"] as const;
const SENTINEL = [
  "BERTH_REDIS_SENTINEL_NAME",
  "BERTH_REDIS_SENTINEL_USERNAME",
  "BERTH_REDIS_SENTINEL_PASSWORD",
] as const;

/** What would be passed over in silence is a problem: an operator who set it counts on it. */
export const redisRules: readonly Rule[] = [
  ...[
    "BERTH_REDIS_TOPOLOGY" as const,
    "BERTH_REDIS_WAIT_REPLICAS" as const,
    "BERTH_REDIS_WAIT_AOF" as const,
    "BERTH_REDIS_EPOCH_ON_FAILOVER" as const,
    ...TLS_FILES,
    ...SENTINEL,
  ].map((path) => needs(path, "BERTH_REDIS_URL", (values) => values.BERTH_REDIS_URL !== undefined)),
  ...TLS_FILES.map((path) => needs(path, "a BERTH_REDIS_URL with rediss://", isTls)),
  ...SENTINEL.map((path) => needs(path, "BERTH_REDIS_TOPOLOGY=sentinel", mayBeSentinel)),
  needs(
    "BERTH_REDIS_SENTINEL_USERNAME",
    "BERTH_REDIS_SENTINEL_PASSWORD",
    (values) => values.BERTH_REDIS_SENTINEL_PASSWORD !== undefined,
  ),
  {
    path: "BERTH_REDIS_SENTINEL_NAME",
    error: "is required with BERTH_REDIS_TOPOLOGY=sentinel",
    holds: (values) =>
      values.BERTH_REDIS_TOPOLOGY !== "sentinel" || values.BERTH_REDIS_SENTINEL_NAME !== undefined,
  },
  {
    path: "BERTH_REDIS_TLS_CERT",
    error: "must be set together with BERTH_REDIS_TLS_KEY",
    holds: (values) =>
      (values.BERTH_REDIS_TLS_CERT === undefined) === (values.BERTH_REDIS_TLS_KEY === undefined),
  },
  ofUrl(
    "names several hosts: set BERTH_REDIS_TOPOLOGY to sentinel or cluster",
    (url, topology) => topology !== "single" || !hasSeveralHosts(url),
  ),
  ofUrl(
    "has a database number, and a cluster has one database only",
    (url, topology) => topology !== "cluster" || databaseOf(url) === 0,
  ),
];

/** What these are where nobody has set them. */
const UNSET: Partial<RedisValues> = {
  BERTH_REDIS_TOPOLOGY: "single",
  BERTH_REDIS_WAIT_REPLICAS: 0,
  BERTH_REDIS_WAIT_AOF: "false",
  BERTH_REDIS_EPOCH_ON_FAILOVER: "false",
};

function needs(path: Name, what: string, isThere: (values: RedisValues) => boolean): Rule {
  return {
    path,
    error: `needs ${what}`,
    needs: [path],
    holds: (values) => values[path] === undefined || values[path] === UNSET[path] || isThere(values),
  };
}

function ofUrl(
  error: string,
  holds: (url: string, topology: RedisValues["BERTH_REDIS_TOPOLOGY"]) => boolean,
): Rule {
  return {
    path: "BERTH_REDIS_URL",
    error,
    needs: ["BERTH_REDIS_URL", "BERTH_REDIS_TOPOLOGY"],
    holds: ({ BERTH_REDIS_URL: url, BERTH_REDIS_TOPOLOGY: topology }) =>
      url === undefined || holds(url, topology),
  };
}

/** Without a URL that is the problem, and it has been told. */
function isTls({ BERTH_REDIS_URL: url }: RedisValues): boolean {
  return url === undefined || url.startsWith("rediss:");
}

function mayBeSentinel({ BERTH_REDIS_URL: url, BERTH_REDIS_TOPOLOGY: topology }: RedisValues): boolean {
  return url === undefined || topology === "sentinel";
}
