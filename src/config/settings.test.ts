import { describe, expect, it } from "vitest";
import { newApiTokenSecret, newRobotToken } from "../domain/accounts/secret.ts";
import { parseSettings } from "./settings.ts";

const API_TOKEN = newApiTokenSecret((count) => new Uint8Array(count)).expose();
const ROBOT_TOKEN = newRobotToken((count) => new Uint8Array(count)).expose();

const KEY = Buffer.alloc(32, 7).toString("base64");
const BASELINE = {
  BERTH_PUBLIC_URL: "https://berth.example.com",
  BERTH_ENCRYPTION_KEY: `k1:${KEY}`,
};

const FILES: Readonly<Record<string, string>> = {
  "/run/key": `k1:${KEY}\n`,
  "/run/empty": "\n",
  "/run/token": `${API_TOKEN}\n`,
};

function readFile(path: string): string {
  const content = FILES[path];
  if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  return content;
}

function settings(change: Readonly<Record<string, string | undefined>> = {}) {
  return parseSettings({ ...BASELINE, ...change }, readFile);
}

function problems(change: Readonly<Record<string, string | undefined>>) {
  const parsed = settings(change);
  return parsed.ok ? [] : parsed.error;
}

describe("parseSettings", () => {
  it("fills in the defaults", () => {
    expect(settings()).toEqual({
      ok: true,
      value: {
        publicUrl: "https://berth.example.com",
        listen: { host: "127.0.0.1", port: 8080 },
        trustedProxies: [],
        dataDir: "./data",
        storeTimeoutMs: 2000,
        encryptionKeys: [{ id: "k1", key: new Uint8Array(32).fill(7) }],
        processes: 1,
        drainSeconds: 5,
        stalePullSeconds: 0,
        refusalDelayMs: 100,
        nearMissPersonal: false,
        collectSeconds: 300,
        rateLimit: { perSecond: 20, burst: 600 },
        logLevel: "info",
      },
    });
  });

  it("takes every setting", () => {
    const parsed = settings({
      BERTH_PUBLIC_URL: "https://berth.example.com:8443/ci",
      BERTH_LISTEN: "[::]:8443",
      BERTH_TLS_CERT: "tls.crt",
      BERTH_TLS_KEY: "tls.key",
      BERTH_TRUSTED_PROXIES: "10.0.0.7, fd00:1::/64",
      BERTH_DATA_DIR: "/var/lib/berth",
      BERTH_REDIS_URL: "rediss://user:secret@redis.example.com:6380/1",
      BERTH_REDIS_TOPOLOGY: "sentinel",
      BERTH_REDIS_SENTINEL_NAME: "berth",
      BERTH_REDIS_SENTINEL_USERNAME: "watcher",
      BERTH_REDIS_SENTINEL_PASSWORD: "0ther",
      BERTH_REDIS_TLS_CA: "ca.pem",
      BERTH_REDIS_TLS_CERT: "redis.crt",
      BERTH_REDIS_TLS_KEY: "redis.key",
      BERTH_REDIS_PREFIX: "ci:",
      BERTH_REDIS_WAIT_REPLICAS: "2",
      BERTH_REDIS_WAIT_AOF: "true",
      BERTH_REDIS_EPOCH_ON_FAILOVER: "true",
      BERTH_STORE_TIMEOUT_MS: "500",
      BERTH_ENCRYPTION_KEY: `k2:${KEY},k1:${KEY}`,
      BERTH_PROCESSES: "auto",
      BERTH_DRAIN_SECONDS: "20",
      BERTH_STALE_PULLS: "900",
      BERTH_FILE: "berth.yaml",
      BERTH_EGRESS_PROXY: "http://proxy.example.com:3128",
      BERTH_REFUSAL_DELAY_MS: "10",
      BERTH_NEAR_MISS_PERSONAL: "true",
      BERTH_COLLECT_SECONDS: "0",
      BERTH_AUDIT_FILE: "/var/log/berth/audit.jsonl",
      BERTH_RATE_LIMIT_PER_SECOND: "5",
      BERTH_RATE_LIMIT_BURST: "50",
      BERTH_METRICS_LISTEN: "127.0.0.1:9090",
      BERTH_LOG_LEVEL: "debug",
    });
    const key = new Uint8Array(32).fill(7);
    expect(parsed).toEqual({
      ok: true,
      value: {
        publicUrl: "https://berth.example.com:8443/ci",
        listen: { host: "::", port: 8443 },
        tls: { certFile: "tls.crt", keyFile: "tls.key" },
        trustedProxies: ["10.0.0.7", "fd00:1::/64"],
        dataDir: "/var/lib/berth",
        redis: {
          url: "rediss://user:secret@redis.example.com:6380/1",
          topology: "sentinel",
          sentinel: { name: "berth", username: "watcher", password: "0ther" },
          tls: { ca: "ca.pem", cert: "redis.crt", key: "redis.key" },
          prefix: "ci:",
          durability: { waitReplicas: 2, waitAof: true, epochOnFailover: true },
        },
        storeTimeoutMs: 500,
        encryptionKeys: [
          { id: "k2", key },
          { id: "k1", key },
        ],
        declarationFile: "berth.yaml",
        egressProxy: "http://proxy.example.com:3128",
        processes: "auto",
        drainSeconds: 20,
        stalePullSeconds: 900,
        refusalDelayMs: 10,
        nearMissPersonal: true,
        collectSeconds: 0,
        rateLimit: { perSecond: 5, burst: 50 },
        metricsListen: { host: "127.0.0.1", port: 9090 },
        auditFile: "/var/log/berth/audit.jsonl",
        logLevel: "debug",
      },
    });
  });

  it.each([{ BERTH_BOOTSTRAP_TOKEN: API_TOKEN }, { BERTH_BOOTSTRAP_TOKEN_FILE: "/run/token" }])(
    "takes the first API token, from %j",
    (change) => {
      const parsed = settings(change);
      if (!parsed.ok) throw new Error(parsed.error.join("\n"));
      expect(parsed.value.bootstrapToken?.expose()).toBe(API_TOKEN);
      expect(JSON.stringify(parsed.value)).not.toContain(API_TOKEN);
    },
  );

  it.each([ROBOT_TOKEN, `${API_TOKEN}x`, "s3cret"])("takes no %s for an API token", (text) => {
    expect(problems({ BERTH_BOOTSTRAP_TOKEN: text })).toEqual([
      "BERTH_BOOTSTRAP_TOKEN: must be an API token; one is made with: berth admin bootstrap --print-only",
    ]);
  });

  it("has no limit of requests where it is 0", () => {
    const parsed = settings({ BERTH_RATE_LIMIT_PER_SECOND: "0" });
    expect(parsed.ok && parsed.value.rateLimit).toBe(undefined);
  });

  it.each([
    ["BERTH_RATE_LIMIT_PER_SECOND", "-1", "must be a whole number from 0 to 1000000"],
    ["BERTH_RATE_LIMIT_BURST", "0", "must be a whole number from 1 to 1000000"],
    [
      "BERTH_METRICS_LISTEN",
      "9090",
      "must be ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080",
    ],
  ])("refuses %s=%s", (name, value, problem) => {
    expect(problems({ [name]: value })).toEqual([`${name}: ${problem}`]);
  });

  it("tells every problem at once, by name and without a value", () => {
    const found = problems({
      BERTH_PUBLIC_URL: "http://s3cret.example.com",
      BERTH_ENCRYPTION_KEY: undefined,
      BERTH_LISTEN: "s3cret",
      BERTH_TLS_KEY: "s3cret",
      BERTH_REDIS_URL: "s3cret",
      BERTH_REDIS_URI: "s3cret",
      BERTH_LOG_LEVEL: "s3cret",
      BERTH_STORE_TIMEOUT_MS: "s3cret",
    });
    expect(found).toEqual([
      "BERTH_PUBLIC_URL: must be https; http is for a loopback host only",
      "BERTH_LISTEN: must be ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080",
      "BERTH_REDIS_URL: must be redis:// or rediss://, hosts with ports, and a database number where one is used",
      "BERTH_STORE_TIMEOUT_MS: must be a whole number from 100 to 30000",
      "BERTH_ENCRYPTION_KEY: is required",
      "BERTH_LOG_LEVEL: must be one of debug, info, warn, error",
      "BERTH_REDIS_URI: is not a setting; did you mean BERTH_REDIS_URL?",
      "BERTH_TLS_CERT: must be set together with BERTH_TLS_KEY",
    ]);
    expect(found.join("\n")).not.toContain("s3cret");
  });

  it.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]:8080"])(
    "takes http on the loopback host of %s, on any address",
    (url) => {
      expect(problems({ BERTH_PUBLIC_URL: url, BERTH_LISTEN: "0.0.0.0:8080" })).toEqual([]);
    },
  );

  const NO_TLS =
    "BERTH_PUBLIC_URL: is https, but nothing speaks TLS: set BERTH_TLS_CERT and BERTH_TLS_KEY, name the proxies in front in BERTH_TRUSTED_PROXIES, or listen on a loopback address behind a proxy of this machine";
  it.each([
    { listen: "0.0.0.0:8080", change: {}, found: [NO_TLS] },
    { listen: "[::]:8080", change: {}, found: [NO_TLS] },
    { listen: "192.0.2.1:8080", change: { BERTH_TRUSTED_PROXIES: "192.0.2.2" }, found: [] },
    { listen: "192.0.2.1:8080", change: { BERTH_TLS_CERT: "c", BERTH_TLS_KEY: "k" }, found: [] },
    { listen: "localhost:8080", change: {}, found: [] },
    { listen: "127.0.0.2:8080", change: {}, found: [] },
    { listen: "[::1]:8080", change: {}, found: [] },
  ])("wants TLS somewhere for $listen with $change", ({ listen, change, found }) => {
    expect(problems({ BERTH_LISTEN: listen, ...change })).toEqual(found);
  });

  it("reads a secret from the file that its variable names", () => {
    const change = { BERTH_ENCRYPTION_KEY: undefined, BERTH_ENCRYPTION_KEY_FILE: "/run/key" };
    expect(settings(change)).toEqual(settings());
  });

  it.each([
    {
      change: { BERTH_ENCRYPTION_KEY: "", BERTH_ENCRYPTION_KEY_FILE: "/run/none" },
      problem: "BERTH_ENCRYPTION_KEY_FILE: names a file that cannot be read",
    },
    {
      change: { BERTH_ENCRYPTION_KEY: "", BERTH_ENCRYPTION_KEY_FILE: "/run/empty" },
      problem: "BERTH_ENCRYPTION_KEY_FILE: names an empty file",
    },
    {
      change: { BERTH_ENCRYPTION_KEY_FILE: "/run/key" },
      problem: "BERTH_ENCRYPTION_KEY_FILE: must not stand beside BERTH_ENCRYPTION_KEY: set one of the two",
    },
    {
      change: { BERTH_REDIS_URL_FILE: "/run/none" },
      problem: "BERTH_REDIS_URL_FILE: names a file that cannot be read",
    },
    {
      change: { BERTH_PUBLIC_URL_FILE: "/run/key" },
      problem: "BERTH_PUBLIC_URL_FILE: is not a setting; did you mean BERTH_PUBLIC_URL?",
    },
    {
      change: { BERTH_ENCRIPTION_KEY_FILE: "/run/key" },
      problem: "BERTH_ENCRIPTION_KEY_FILE: is not a setting; did you mean BERTH_ENCRYPTION_KEY_FILE?",
    },
  ])("refuses $change", ({ change, problem }) => {
    expect(problems(change)).toEqual([problem]);
  });

  it("throws on what is not the file's fault", () => {
    const broken = () => {
      throw new TypeError("a bug");
    };
    expect(() => parseSettings({ BERTH_ENCRYPTION_KEY_FILE: "/run/key" }, broken)).toThrow("a bug");
  });

  it.each([{ BERTH_ANYTHING_ELSE: "1" }, { BERTH_PORT: "8080" }])(
    "refuses the unknown setting %j",
    (change) => {
      expect(problems(change)).toEqual([`${Object.keys(change)[0]}: is not a setting`]);
    },
  );

  it.each([
    { BERTH_TEST_REQUIRE: "redis" },
    { PATH: "/bin", HOME: "/root" },
    { BERTH_FILE: "" },
    { BERTH_SERVICE_HOST: "10.0.0.1", BERTH_SERVICE_PORT: "80", BERTH_SERVICE_PORT_HTTP: "80" },
    {
      BERTH_PORT: "tcp://10.0.0.1:80",
      BERTH_PORT_80_TCP: "tcp://10.0.0.1:80",
      BERTH_PORT_80_TCP_ADDR: "10.0.0.1",
    },
    { BERTH_REDIS_SERVICE_HOST: "10.0.0.1", BERTH_REDIS_PORT: "tcp://10.0.0.1:6379" },
  ])("leaves %j alone", (change) => {
    expect(settings(change)).toEqual(settings());
  });
});
