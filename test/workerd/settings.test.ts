import { afterEach, describe, expect, it, vi } from "vitest";
import { startWorkerWorld, type WorkerWorld } from "../support/worker-world.ts";

let world: WorkerWorld;
afterEach(() => world.close());

const PATHS = ["/healthz", "/readyz", "/oauth2/token", "/v2/auth", "/api/v1/namespaces", "/keys/ca.pem"];

describe("a Worker with a wrong setting", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "that is missing",
      { BERTH_PUBLIC_URL: "", BERTH_ENCRYPTION_KEY: "" },
      "BERTH_PUBLIC_URL: is required\nBERTH_ENCRYPTION_KEY: is required",
    ],
    [
      "that Workers do not have",
      { BERTH_TLS_CERT: "/cert.pem" },
      "BERTH_TLS_CERT: cannot be used on Cloudflare Workers",
    ],
    ["that has another form", { BERTH_ENCRYPTION_KEY: "hunter2" }, "BERTH_ENCRYPTION_KEY: "],
  ])("%s answers 503 to everything, and names it in its log", async (_, settings, problem) => {
    world = await startWorkerWorld({ settings });
    for (const path of PATHS) {
      const answer = await world.app.request(path);
      expect([path, answer.status, await answer.json()]).toEqual([
        path,
        503,
        {
          error: "temporarily_unavailable",
          error_description: "This Berth is not configured; its log says what is missing.",
        },
      ]);
    }
    await vi.waitUntil(() => world.worker.output().includes('"not started"'), { timeout: 5000 });
    const line =
      world.worker
        .output()
        .split("\n")
        .find((text) => text.includes('"not started"')) ?? "";
    expect(JSON.parse(line)).toMatchObject({ level: "error", problems: expect.stringContaining(problem) });
    expect(world.worker.output()).not.toContain("hunter2");
  });

  it("of a store that does not answer is a 503 that asks for another try", async () => {
    world = await startWorkerWorld({ settings: { BERTH_REDIS_URL: "redis://127.0.0.1:1" } });
    const answer = await world.app.request("/readyz");
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: "temporarily_unavailable" }]);
    expect(world.worker.output()).not.toContain("BERTH_ENCRYPTION_KEY");
  });
});
