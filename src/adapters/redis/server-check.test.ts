import { describe, expect, it } from "vitest";
import { reportOn } from "./server-check.ts";
import { parseServerInfo } from "./server-info.ts";

const BASELINE = {
  redis_version: "7.0.15",
  role: "master",
  loading: "0",
  maxmemory_policy: "noeviction",
  aof_enabled: "1",
  connected_slaves: "0",
  cluster_enabled: "0",
};
const USE = { isCluster: false, waitReplicas: 0, waitAof: false, epochOnFailover: false };

function info(change: Readonly<Record<string, string>>) {
  const lines = Object.entries({ ...BASELINE, ...change }).map(([name, value]) => `${name}:${value}`);
  return parseServerInfo(["# Server", ...lines, ""].join("\r\n"));
}

it("finds nothing wrong with the baseline", () => {
  expect(reportOn(info({}), USE)).toStrictEqual({ problems: [], warnings: [] });
});

describe("the version of a Redis", () => {
  it.each(["6.2.0", "7.0.15", "8.0.1", "10.1.0"])("%s will do", (redis_version) => {
    expect(reportOn(info({ redis_version }), USE)).toStrictEqual({ problems: [], warnings: [] });
  });

  it.each(["6.0.16", "5.9.0", "unknown"])("%s is a problem", (redis_version) => {
    const problem = `Redis has version ${redis_version}. Install 6.2 or later, or Valkey.`;
    expect(reportOn(info({ redis_version }), USE)).toStrictEqual({ problems: [problem], warnings: [] });
  });
});

it.each([
  {
    what: "waiting for the disk without WAITAOF",
    change: {},
    use: { waitAof: true },
    problem:
      "Redis has version 7.0.15, without WAITAOF. Install 7.2 or later, or Valkey, or leave BERTH_REDIS_WAIT_AOF out.",
  },
  {
    what: "waiting for a file that is not written",
    change: { redis_version: "7.2.4", aof_enabled: "0" },
    use: { waitAof: true },
    problem: "BERTH_REDIS_WAIT_AOF is true, and Redis has no append-only file. Set appendonly yes.",
  },
  {
    what: "a node of a cluster that is taken for the whole",
    change: { cluster_enabled: "1" },
    use: {},
    problem: "Redis is a node of a cluster. Set BERTH_REDIS_TOPOLOGY to cluster.",
  },
])("refuses $what", ({ change, use, problem }) => {
  expect(reportOn(info(change), { ...USE, ...use })).toStrictEqual({ problems: [problem], warnings: [] });
});

it.each([
  {
    what: "a server that forgets in a crash",
    change: { aof_enabled: "0" },
    use: {},
    warning: /^Redis has no append-only file/,
  },
  {
    what: "replicas that nothing waits for",
    change: { connected_slaves: "2" },
    use: {},
    warning: /^Redis has replicas and takes writes without them/,
  },
  {
    what: "a replica that Berth does not wait for",
    change: { connected_slaves: "2" },
    use: { waitReplicas: 1 },
    warning: /^Redis has 2 replicas, and BERTH_REDIS_WAIT_REPLICAS is 1: .* Set it to 2, or /,
  },
  {
    what: "too few replicas to wait for",
    change: { connected_slaves: "1" },
    use: { waitReplicas: 2 },
    warning: /^Redis has 1 replicas, and BERTH_REDIS_WAIT_REPLICAS is 2/,
  },
])("warns of $what", ({ change, use, warning }) => {
  const { problems, warnings } = reportOn(info(change), { ...USE, ...use });
  expect(problems).toStrictEqual([]);
  expect(warnings).toStrictEqual([expect.stringMatching(warning)]);
});

it.each([
  {
    what: "replicas that writes wait for",
    change: { connected_slaves: "2", min_slaves_good_slaves: "2" },
    use: {},
  },
  { what: "replicas that Berth waits for", change: { connected_slaves: "2" }, use: { waitReplicas: 2 } },
  {
    what: "a replica that Berth does not wait for, where a failover ends the epoch",
    change: { connected_slaves: "2" },
    use: { waitReplicas: 1, epochOnFailover: true },
  },
  {
    what: "a node of a cluster that is used as one",
    change: { cluster_enabled: "1" },
    use: { isCluster: true },
  },
  { what: "what a replica is set to", change: { role: "slave", maxmemory_policy: "allkeys-lru" }, use: {} },
])("has nothing to say of $what", ({ change, use }) => {
  expect(reportOn(info(change), { ...USE, ...use })).toStrictEqual({ problems: [], warnings: [] });
});
