import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../config/settings.ts";
import { parseWorkerSettings, type WorkerEnvironment } from "./worker-settings.ts";

const SECRET = Buffer.alloc(32, 7).toString("base64");
const VALID: WorkerEnvironment = {
  BERTH_PUBLIC_URL: "https://berth.example.com",
  BERTH_ENCRYPTION_KEY: `k1:${SECRET}`,
  SYSTEM: {},
};

const problems = (change: WorkerEnvironment) => {
  const settings = parseWorkerSettings({ ...VALID, ...change });
  return settings.ok ? [] : settings.error;
};

describe("a Worker's settings", () => {
  it("are two, and the defaults of Node", () => {
    const settings = parseWorkerSettings(VALID);
    expect(settings).toMatchObject({
      ok: true,
      value: { publicUrl: "https://berth.example.com", refusalDelayMs: 100, rateLimit: { burst: 600 } },
    });
  });

  it("may be numbers and switches, as [vars] has them, and empty where they are not set", () => {
    const settings = parseWorkerSettings({
      ...VALID,
      BERTH_REFUSAL_DELAY_MS: 250,
      BERTH_NEAR_MISS_PERSONAL: true,
      BERTH_FILE: "",
    });
    expect(settings).toMatchObject({ ok: true, value: { refusalDelayMs: 250, nearMissPersonal: true } });
  });

  it.each<[string, WorkerEnvironment, readonly string[]]>([
    ["the URL is missing", { BERTH_PUBLIC_URL: "" }, ["BERTH_PUBLIC_URL: is required"]],
    [
      "all are missing, and one is unknown",
      { BERTH_PUBLIC_URL: "", BERTH_ENCRYPTION_KEY: undefined, BERTH_PUBLIC: "x" },
      [
        "BERTH_PUBLIC_URL: is required",
        "BERTH_ENCRYPTION_KEY: is required",
        "BERTH_PUBLIC: is not a setting; did you mean BERTH_PUBLIC_URL?",
      ],
    ],
    [
      "a file is named",
      { BERTH_FILE: "berth.yaml" },
      [
        "BERTH_FILE: cannot be used on Cloudflare Workers: apply the declaration with `berth apply`, over the management API",
      ],
    ],
    [
      "a secret is in a file",
      { BERTH_ENCRYPTION_KEY: undefined, BERTH_ENCRYPTION_KEY_FILE: "/run/key" },
      [
        "BERTH_ENCRYPTION_KEY_FILE: cannot be used on Cloudflare Workers: set the variable itself with `wrangler secret put`",
        "BERTH_ENCRYPTION_KEY: is required",
      ],
    ],
    [
      "a secret is bound from a store of secrets",
      { BERTH_REDIS_URL: { get: async () => "redis://cache" } },
      ["BERTH_REDIS_URL: must be a variable or a secret of this Worker, and is a binding of another kind"],
    ],
    [
      "there is nothing to listen on",
      { BERTH_LISTEN: "0.0.0.0:443" },
      ["BERTH_LISTEN: cannot be used on Cloudflare Workers"],
    ],
  ])("%s", (_, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  it("never say a value", () => {
    const all = problems({
      BERTH_ENCRYPTION_KEY: `k1:${SECRET}AA`,
      BERTH_REDIS_URL: "http://user:hunter2@redis.example.com",
      BERTH_EGRESS_PROXY: "http://user:hunter2@proxy.example.com",
    }).join("\n");
    expect(all).toContain("BERTH_REDIS_URL");
    expect(all).not.toContain("hunter2");
    expect(all).not.toContain(SECRET);
  });

  // A setting that is added on Node is one that Workers refuse, until somebody has thought of it.
  it("refuse every setting that is not named as used", () => {
    const used = [
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
    ];
    for (const name of Object.keys(settingsSchema.shape)) {
      const isRefused = problems({ [name]: "x" }).some((problem) =>
        problem.startsWith(`${name}: cannot be used`),
      );
      expect([name, isRefused]).toEqual([name, !used.includes(name)]);
    }
  });
});
