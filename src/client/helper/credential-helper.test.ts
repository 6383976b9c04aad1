import { chmodSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../../test/support/ci-platforms/token-endpoint.ts";
import { ClientJob } from "../../../test/support/client-job.ts";
import type { ClientContext } from "../job-console.ts";
import { runCredentialHelper } from "./credential-helper.ts";

let job: ClientJob;
afterEach(() => job.close());

const HOUR_MS = 3_600_000;
const NOT_FOUND = "credentials not found in native keychain";

/** Has the helper answer for the first registry, as `berth configure-docker` does. */
function configure(setting: object = { server: job.world.url, robot: "acme+builder" }): void {
  job.write(".docker/berth-helper.json", { version: 1, registries: { [job.names[0]]: setting } });
}

/** One call of `docker-credential-berth get`, as a client makes it. */
async function get(context: ClientContext = job.context(), key: string = job.names[0]) {
  job.out.length = 0;
  job.notes.length = 0;
  job.type(`${key}\n`);
  const code = await runCredentialHelper(context, "get", "1");
  return { code, out: [...job.out], notes: [...job.notes] };
}

async function secret(context?: ClientContext): Promise<string> {
  const { code, out } = await get(context);
  if (code !== 0) throw new Error(out.join("\n"));
  return (JSON.parse(out[0] ?? "") as { Secret: string }).Secret;
}

describe("where the platform gives as many identity tokens as are asked for", () => {
  beforeEach(async () => {
    job = await ClientJob.onGitHub();
    configure();
  });

  it("earns a credential at the first call, and has it at the second", async () => {
    const { code, out, notes } = await get();
    expect({ code, notes }).toEqual({ code: 0, notes: [] });
    expect(out.map((text) => JSON.parse(text))).toEqual([
      { ServerURL: job.names[0], Username: "acme+builder", Secret: expect.any(String) },
    ]);
    const password = await secret();
    expect(await job.opens(password)).toBe(true);
    expect(await secret()).toBe(password);
    expect(job.exchanges).toBe(1);
  });

  it("answers under the very key that the client asks for", async () => {
    const key = `https://${job.names[0]}/`;
    expect(JSON.parse((await get(job.context(), key)).out[0] ?? "")).toMatchObject({ ServerURL: key });
  });

  it("gets a new one in the second half of the old one's life", async () => {
    const first = await secret();
    job.clock.advance(HOUR_MS / 2 - 5_000);
    expect(await secret()).toBe(first);
    job.clock.advance(10_000);
    expect(await secret()).not.toBe(first);
    expect(await job.opens(first)).toBe(true);
  });

  it("hands out the old one while it is good, where no new one is to be had", async () => {
    const first = await secret();
    job.clock.advance(HOUR_MS * 0.75);
    job.world.berth.breakStore();
    expect(await secret()).toBe(first);
    job.clock.advance(HOUR_MS * 0.25 - 60_000);
    const { code, out } = await get();
    expect({ code, out }).toEqual({ code: 1, out: [expect.stringContaining("(server_unavailable)")] });
  });

  it("exchanges once for twenty calls at once", async () => {
    const context = job.inRealTime();
    job.type(job.names[0]);
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => runCredentialHelper(context, "get", "1")),
    );
    expect(codes).toEqual(Array(20).fill(0));
    expect(new Set(job.out).size).toBe(1);
    expect(job.exchanges).toBe(1);
  });

  it("asks once for twenty calls at once, where it is refused", async () => {
    configure({ server: job.world.url, robot: "acme+nobody" });
    const context = job.inRealTime();
    job.type(job.names[0]);
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => runCredentialHelper(context, "get", "1")),
    );
    expect(codes).toEqual(Array(20).fill(1));
    expect(job.exchanges).toBe(1);
    expect((await get(context)).code).toBe(1);
    expect(job.exchanges).toBe(1);
    // A later call finds out by itself whether it has been mended.
    job.clock.advance(60_000);
    expect((await get()).code).toBe(1);
    expect(job.exchanges).toBe(2);
  });

  it("says what is wrong on both outputs, on one line", async () => {
    configure({ server: job.world.url, robot: "acme+nobody" });
    const { code, out, notes } = await get();
    expect(code).toBe(1);
    expect(out).toEqual([
      expect.stringMatching(/^docker-credential-berth: No federation rule of acme\+nobody .*\(no_match\)$/),
    ]);
    expect(notes).toEqual(out);
  });

  it("gives up on a server that does not answer after ten seconds", async () => {
    job.world.mishaps.push(...Array(20).fill(json(503, {})));
    const start = job.clock.now();
    expect((await get()).code).toBe(1);
    expect(job.clock.now() - start).toBeLessThanOrEqual(10_000);
    expect(job.exchanges).toBeGreaterThan(2);
  });

  it.each([
    { of: "another registry", key: "docker.io" },
    { of: "a registry that looks like it", key: "evil.example" },
    { of: "no registry at all", key: "not a registry" },
  ])("has nothing for $of, also where it is every registry's helper", async ({ key }) => {
    job.write(".docker/config.json", { credsStore: "berth" });
    const context = job.context({ BERTH_ROBOT: "acme+builder", BERTH_SERVER: job.world.url });
    expect(await get(context, key)).toEqual({ code: 1, out: [NOT_FOUND], notes: [] });
    expect(job.platform.requests).toEqual([]);
  });

  it("needs to be asked for a registry", async () => {
    expect(await get(job.context(), "")).toEqual({ code: 1, out: ["no credentials server URL"], notes: [] });
  });

  it("is configured by the environment alone for a registry of which Docker says that it answers", async () => {
    const other = job.names[1];
    job.write(".docker/config.json", { credHelpers: { [other]: "berth" } });
    const context = job.context({ BERTH_ROBOT: "acme+builder" });
    expect((await get(context, other)).code).toBe(0);
    expect(await get(job.context(), other)).toMatchObject({
      code: 1,
      out: [expect.stringContaining("(robot_missing)")],
    });
  });

  it("goes by what was set for the registry before the environment", async () => {
    const context = job.context({ BERTH_ROBOT: "acme+nobody", BERTH_SERVER: "https://elsewhere.example" });
    expect((await get(context)).code).toBe(0);
  });

  it("knows no registry that has the name of what every object has", async () => {
    const context = job.context({ BERTH_ROBOT: "acme+builder", BERTH_SERVER: job.world.url });
    expect(await get(context, "constructor")).toMatchObject({ code: 1, out: [NOT_FOUND] });
  });

  it("does not go by settings that others may write", async () => {
    chmodSync(job.path(".docker", "berth-helper.json"), 0o666);
    expect(await get()).toMatchObject({ code: 1, out: [NOT_FOUND] });
  });

  it.each(["store", "erase"] as const)(
    "takes %s for what it is, and says that it does nothing",
    async (verb) => {
      job.type('{"ServerURL":"x","Username":"y","Secret":"z"}');
      expect(await runCredentialHelper(job.context(), verb, "1")).toBe(0);
      expect(job.out).toEqual([]);
      expect(job.notes).toEqual([expect.stringMatching(/^docker-credential-berth (keeps|has) no/)]);
      expect(job.exchanges).toBe(0);
    },
  );

  it("lists the registries without an exchange, and tells its version", async () => {
    expect(await runCredentialHelper(job.context(), "list", "1")).toBe(0);
    expect(await runCredentialHelper(job.context(), "version", "1.2.3")).toBe(0);
    expect(job.out).toEqual([
      JSON.stringify({ [job.names[0]]: "acme+builder" }),
      "docker-credential-berth 1.2.3",
    ]);
    expect(job.exchanges).toBe(0);
  });
});

describe("where the job has one identity token", () => {
  beforeEach(async () => {
    job = await ClientJob.onGitLab();
    configure({ server: job.world.url, robot: "acme+builder", ttl: 300 });
  });

  it("keeps a credential to the end, and then gets its successor", async () => {
    const first = await secret();
    job.clock.advance(200_000);
    expect(await secret()).toBe(first);
    job.clock.advance(15_000);
    const second = await secret();
    expect(second).not.toBe(first);
    expect(await job.opens(first)).toBe(false);
    expect(await job.opens(second)).toBe(true);
  });

  it("says so when the identity token is over, too", async () => {
    await secret();
    job.world.berth.clock.advance(HOUR_MS);
    job.clock.advance(HOUR_MS);
    expect(await get()).toMatchObject({ code: 1, out: [expect.stringContaining("(token_expired)")] });
  });
});
