/** What INFO tells of a server, as far as Berth depends on it. */
export interface ServerInfo {
  readonly isPrimary: boolean;
  readonly isLoading: boolean;
  readonly isCluster: boolean;
  /** The policy by which it drops keys when memory is short. */
  readonly evictionPolicy: string;
  /** `major.minor.patch` of the Redis whose commands it has. */
  readonly version: string;
  readonly hasAppendOnlyFile: boolean;
  readonly replicas: number;
  /** Whether it refuses writes while too few replicas follow. */
  readonly needsReplicas: boolean;
}

/** @param text The answer to INFO: `name:value`, a line each, under `#` titles. */
export function parseServerInfo(text: string): ServerInfo {
  const info = new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(":");
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  return {
    isPrimary: info.get("role") === "master",
    isLoading: info.get("loading") === "1",
    isCluster: info.get("cluster_enabled") === "1",
    evictionPolicy: info.get("maxmemory_policy") ?? "unknown",
    version: info.get("redis_version") ?? "unknown",
    hasAppendOnlyFile: info.get("aof_enabled") === "1",
    replicas: Number(info.get("connected_slaves") ?? 0),
    // The line is there only where `min-replicas-to-write` is set.
    needsReplicas: info.has("min_slaves_good_slaves"),
  };
}

/** Why a server must not be used as it is, though it answers; undefined when it may. */
export function hindranceOf(info: ServerInfo): string | undefined {
  // It may not know yet that a credential was revoked.
  if (!info.isPrimary) return "it is a replica";
  if (info.isLoading) return "it is loading its data";
  if (info.evictionPolicy !== "noeviction")
    return `it may evict keys (maxmemory-policy ${info.evictionPolicy})`;
  return undefined;
}

export function isAtLeast(version: string, [leastMajor, leastMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
