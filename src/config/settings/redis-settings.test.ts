import { describe, expect, it } from "vitest";
import { parseSettings } from "../settings.ts";

const BASELINE = {
  BERTH_PUBLIC_URL: "https://berth.example.com",
  BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
};
const URL_PROBLEM =
  "BERTH_REDIS_URL: must be redis:// or rediss://, hosts with ports, and a database number where one is used";

type Change = Readonly<Record<string, string>>;

function settings(change: Change) {
  return parseSettings({ ...BASELINE, ...change }, () => "");
}

function problems(change: Change): readonly string[] {
  const parsed = settings(change);
  return parsed.ok ? [] : parsed.error;
}

describe("the settings of Redis", () => {
  it("are none without a URL", () => {
    const parsed = settings({});
    expect(parsed.ok && parsed.value.redis).toBeUndefined();
  });

  it("are few for one server", () => {
    const parsed = settings({ BERTH_REDIS_URL: "redis://redis.example.com" });
    expect(parsed.ok && parsed.value.redis).toStrictEqual({
      url: "redis://redis.example.com",
      topology: "single",
      tls: {},
      prefix: "berth:",
      durability: { waitReplicas: 0, waitAof: false, epochOnFailover: false },
    });
  });

  it.each<Change>([
    { BERTH_REDIS_URL: "redis://10.0.0.1:6379/" },
    { BERTH_REDIS_URL: "redis://[fd00::1]:6379/15" },
    { BERTH_REDIS_URL: "redis://a:1,b:2", BERTH_REDIS_TOPOLOGY: "cluster" },
    { BERTH_REDIS_URL: "redis://a:1,b:2/0", BERTH_REDIS_TOPOLOGY: "cluster" },
    {
      BERTH_REDIS_URL: "redis://berth:p%40ss@a:1,[fd00::1]:2/3",
      BERTH_REDIS_TOPOLOGY: "sentinel",
      BERTH_REDIS_SENTINEL_NAME: "berth",
    },
  ])("are taken: %j", (change) => {
    expect(problems(change)).toStrictEqual([]);
  });

  it.each([
    "http://redis.example.com",
    "redis://",
    "redis://a:1,",
    "redis://a:1,b:x",
    "redis://a/x",
    "redis://a/1/2",
    "redis://a?db=1",
    "a:6379",
    "redis://berth:100%@a",
  ])("are refused with the URL %s", (url) => {
    expect(problems({ BERTH_REDIS_URL: url })).toStrictEqual([URL_PROBLEM]);
  });

  const URL_OF_ONE = { BERTH_REDIS_URL: "redis://a:1" };
  it.each<{ change: Change; problem: string }>([
    {
      change: { BERTH_REDIS_URL: "redis://a:1,b:2" },
      problem: "BERTH_REDIS_URL: names several hosts: set BERTH_REDIS_TOPOLOGY to sentinel or cluster",
    },
    {
      change: { BERTH_REDIS_URL: "redis://a:1/1", BERTH_REDIS_TOPOLOGY: "cluster" },
      problem: "BERTH_REDIS_URL: has a database number, and a cluster has one database only",
    },
    {
      change: { ...URL_OF_ONE, BERTH_REDIS_TOPOLOGY: "sentinel" },
      problem: "BERTH_REDIS_SENTINEL_NAME: is required with BERTH_REDIS_TOPOLOGY=sentinel",
    },
    {
      change: { ...URL_OF_ONE, BERTH_REDIS_SENTINEL_NAME: "berth" },
      problem: "BERTH_REDIS_SENTINEL_NAME: needs BERTH_REDIS_TOPOLOGY=sentinel",
    },
    {
      change: { ...URL_OF_ONE, BERTH_REDIS_SENTINEL_PASSWORD: "s3cret" },
      problem: "BERTH_REDIS_SENTINEL_PASSWORD: needs BERTH_REDIS_TOPOLOGY=sentinel",
    },
    {
      change: {
        ...URL_OF_ONE,
        BERTH_REDIS_TOPOLOGY: "sentinel",
        BERTH_REDIS_SENTINEL_NAME: "berth",
        BERTH_REDIS_SENTINEL_USERNAME: "watcher",
      },
      problem: "BERTH_REDIS_SENTINEL_USERNAME: needs BERTH_REDIS_SENTINEL_PASSWORD",
    },
    {
      change: { ...URL_OF_ONE, BERTH_REDIS_TLS_CA: "ca.pem" },
      problem: "BERTH_REDIS_TLS_CA: needs a BERTH_REDIS_URL with rediss://",
    },
    {
      change: { BERTH_REDIS_URL: "rediss://a:1", BERTH_REDIS_TLS_KEY: "key.pem" },
      problem: "BERTH_REDIS_TLS_CERT: must be set together with BERTH_REDIS_TLS_KEY",
    },
    {
      change: { ...URL_OF_ONE, BERTH_REDIS_WAIT_REPLICAS: "9" },
      problem: "BERTH_REDIS_WAIT_REPLICAS: must be a whole number from 0 to 8",
    },
  ])("are refused: $change", ({ change, problem }) => {
    expect(problems(change)).toStrictEqual([problem]);
  });

  it("that nothing would obey are told of at once", () => {
    const change = {
      BERTH_REDIS_TOPOLOGY: "sentinel",
      BERTH_REDIS_SENTINEL_NAME: "berth",
      BERTH_REDIS_TLS_CA: "ca.pem",
      BERTH_REDIS_WAIT_REPLICAS: "1",
      BERTH_REDIS_WAIT_AOF: "true",
      BERTH_REDIS_EPOCH_ON_FAILOVER: "true",
    };
    expect(problems(change).toSorted()).toStrictEqual(
      Object.keys(change)
        .map((name) => `${name}: needs BERTH_REDIS_URL`)
        .toSorted(),
    );
  });
});
