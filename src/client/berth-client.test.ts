import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SimulatedActions, startGitHub } from "../../test/support/ci-platforms/github.ts";
import { type JobEnvironment, jobEnvironment } from "../../test/support/ci-platforms/job-environment.ts";
import { json } from "../../test/support/ci-platforms/token-endpoint.ts";
import { type ClientWorld, startClientWorld } from "../../test/support/client-world.ts";
import { registryToken } from "../../test/support/requests.ts";
import { TestClock } from "../../test/support/test-clock.ts";
import { type ExchangeRequest, exchangeIdentity, revokeCredential } from "./berth-client.ts";
import { findJobIdentity } from "./job-identity/find-job-identity.ts";
import type { JobIdentity } from "./job-identity/job-identity.ts";

let world: ClientWorld;
let environment: JobEnvironment;
let identity: JobIdentity;
beforeEach(async () => {
  world = await startClientWorld();
  environment = jobEnvironment({ variables: {} }, {}, new TestClock(world.berth.clock.now()));
  identity = { token: await world.sign(), platform: "explicit", renewable: false };
});
afterEach(() => world.close());

function exchange(change: Partial<ExchangeRequest> = {}) {
  return exchangeIdentity(environment, {
    server: world.url,
    robot: "acme+builder",
    identity,
    scopes: [],
    retryKey: "k".repeat(22),
    ...change,
  });
}

/** The credential of an exchange that must succeed. */
async function earned(change: Partial<ExchangeRequest> = {}) {
  const exchanged = await exchange(change);
  if (!exchanged.ok) throw new Error(exchanged.error.message);
  return exchanged.value;
}

async function opens(credential: string): Promise<boolean> {
  return (await registryToken(world.berth.app, { password: credential })).status === 200;
}

const BUSY = json(503, { reason: "store_unavailable", error_description: "Later.", request_id: "r1" });

describe("an answer that Berth does not give", () => {
  const good = { username: "acme+builder", access_token: "brc_07abcdef", expires_in: 3600, scope: "" };

  it("is told from one that it does", async () => {
    world.mishaps.push(json(200, good));
    expect(await exchange()).toMatchObject({ ok: true });
  });

  it.each([
    ["a credential that breaks the line", { access_token: "brc_07abc\n::x::" }],
    ["a credential that is a command", { access_token: "##vso[task.prependpath]/x" }],
    ["a credential that the mask would decode", { access_token: "brc_07%0Aabc" }],
    ["an end that is no date", { expires_in: Number.MAX_SAFE_INTEGER }],
    ["an end before the beginning", { expires_in: -1 }],
    ["another user name", { username: "acme/builder" }],
  ])("is refused: %s", async (_, change) => {
    world.mishaps.push(json(200, { ...good, ...change }));
    expect(await exchange()).toMatchObject({ ok: false, error: { code: "server_answer_unexpected" } });
  });
});

describe("an exchange", () => {
  it("gives a credential that opens the registry, with its end and its scope", async () => {
    const start = environment.clock.seconds();
    const { username, credential, expiresAt, scope } = await earned({
      scopes: ["repository:acme/app:pull"],
      ttl: 600,
    });
    expect({ username, expiresAt, scope }).toEqual({
      username: "acme+builder",
      expiresAt: start + 600,
      scope: "repository:acme/app:pull",
    });
    expect(await opens(credential.expose())).toBe(true);
    expect(`${credential} ${JSON.stringify({ credential })}`).not.toContain(credential.expose());
  });

  it("takes the server's URL with a slash at its end for the one without", async () => {
    expect((await exchange({ server: `${world.url}//` })).ok).toBe(true);
  });

  it("whose answer was lost is answered again, and the lost credential is dead", async () => {
    world.mishaps.push("lost");
    const { credential } = await earned();
    expect(await opens(credential.expose())).toBe(true);
    expect(await world.berth.minted()).toBe(2);
    expect(world.asked).toEqual(["/oauth2/token", "/oauth2/token"]);
  });

  it.each([
    { what: "503", answer: BUSY },
    { what: "429", answer: json(429, { reason: "rate_limited" }) },
    { what: "a proxy's 502", answer: { status: 502, body: "<html>" } },
  ])("waits as long as $what says, and tries again", async ({ answer }) => {
    world.mishaps.push({ ...answer, headers: { "retry-after": "11" } });
    const start = environment.now();
    await earned();
    expect(environment.clock.waits).toEqual([start + 11_000]);
  });

  it("gives up within the minute, and says what Berth said", async () => {
    world.mishaps.push(...Array(100).fill(BUSY));
    const start = environment.now();
    expect(await exchange()).toMatchObject({
      ok: false,
      error: { code: "server_unavailable", message: expect.stringContaining("Later.") },
    });
    expect(environment.now() - start).toBeLessThan(60_000);
    expect(environment.now() - start).toBeGreaterThan(50_000);
  });

  it("gives up at once where Retry-After points past the end", async () => {
    world.mishaps.push({ ...BUSY, headers: { "retry-after": "3600" } });
    expect((await exchange()).ok).toBe(false);
    expect(environment.clock.waits).toEqual([]);
  });

  it("gives up as early as it is told", async () => {
    world.mishaps.push(...Array(100).fill(BUSY));
    const start = environment.now();
    await exchange({ retryForMs: 3000 });
    expect(environment.now() - start).toBeLessThan(3000);
  });

  it("never asks again after a refusal", async () => {
    const refused = await exchange({ robot: "acme+other" });
    expect(refused).toMatchObject({ ok: false, error: { code: "no_match" } });
    expect(world.asked).toHaveLength(1);
  });

  it.each([
    { what: "a page", answer: { status: 200, body: "<html>" } },
    { what: "a credential of two lines", answer: granted({ access_token: "brc_1234\nGITHUB_ENV=x" }) },
    { what: "another kind of user name", answer: granted({ username: "x\ny" }) },
    { what: "no lifetime", answer: granted({ expires_in: "soon" }) },
    { what: "a sign-in page's 403", answer: { status: 403, body: "" } },
  ])("takes $what for no answer of Berth's", async ({ answer }) => {
    world.mishaps.push(answer);
    expect(await exchange()).toMatchObject({ error: { code: "server_answer_unexpected" } });
  });
});

function granted(change: Readonly<Record<string, unknown>>) {
  return json(200, { access_token: "brc_12345678", username: "acme+builder", expires_in: 60, ...change });
}

describe("an identity token for another audience", () => {
  it.each([
    { what: "another server", aud: "https://real.example.com", code: "audience_wrong" },
    { what: "nobody", aud: undefined, code: "audience_wrong" },
    { what: "two at once", aud: (url: string) => [url, "https://real.example.com"], code: "audience_many" },
    { what: "the URL with a slash", aud: (url: string) => `${url}/`, code: "audience_trailing_slash" },
  ])("($what) is never sent", async ({ aud, code }) => {
    const token = await world.sign({ aud: typeof aud === "function" ? aud(world.url) : aud });
    const refused = await exchange({ identity: { ...identity, token } });
    expect(refused).toMatchObject({ ok: false, error: { code } });
    expect(world.asked).toEqual([]);
  });

  it("names both, so that a registry that points elsewhere is seen", async () => {
    const token = await world.sign({ aud: "https://real.example.com" });
    const refused = await exchange({ identity: { ...identity, token } });
    const message = refused.ok ? "" : refused.error.message;
    expect(message).toContain("https://real.example.com");
    expect(message).toContain(world.url);
  });

  it("is sent where the job names server and audience, and to no other server", async () => {
    const berth = world.berth;
    await berth.put({ issuer: { audiences: ["api://fixed"] } });
    identity = { token: await world.sign({ aud: "api://fixed" }), platform: "azure-devops", renewable: true };
    expect(await exchange()).toMatchObject({ error: { code: "audience_fixed" } });
    const variables = { BERTH_AUDIENCE: "api://fixed", BERTH_SERVER: "https://berth.example.com" };
    environment = jobEnvironment({ variables }, {}, berth.clock);
    expect(await exchange()).toMatchObject({ error: { code: "audience_fixed" } });
    expect(world.asked).toEqual([]);
    environment = jobEnvironment({ variables }, { BERTH_SERVER: world.url }, berth.clock);
    expect((await exchange()).ok).toBe(true);
  });
});

describe("a renewable identity", () => {
  let runner: SimulatedActions;
  beforeEach(async () => {
    runner = await startGitHub((aud) => world.sign({ aud }));
    environment = jobEnvironment(runner, {}, new TestClock(world.berth.clock.now()));
    const found = await findJobIdentity(environment, world.url);
    if (found.ok) identity = found.value;
  });
  afterEach(() => runner.close());

  it("that was used is replaced by a fresh one, once", async () => {
    await earned();
    expect((await exchange({ retryKey: "l".repeat(22) })).ok).toBe(true);
    expect(runner.requests).toHaveLength(2);
  });

  it("that expired is replaced by a fresh one, also where this machine's clock is behind", async () => {
    world.berth.clock.advance(400_000);
    world.berth.storeClock.advance(400_000);
    expect((await exchange()).ok).toBe(true);
  });

  it("that stays used is refused after one more try", async () => {
    const used = json(400, { reason: "token_used", request_id: "r1" });
    world.mishaps.push(used, used, used);
    expect(await exchange()).toMatchObject({ error: { code: "token_used" } });
    expect(world.asked).toHaveLength(2);
  });

  it("is not asked for again after another refusal", async () => {
    expect(await exchange({ robot: "acme+other" })).toMatchObject({ error: { code: "no_match" } });
    expect(runner.requests).toHaveLength(1);
  });
});

describe("a credential that is revoked", () => {
  it("is dead, and revoked as well the second time", async () => {
    const { credential } = await earned();
    const server = `${world.url}/`;
    expect(await revokeCredential(environment, { server, credential })).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await opens(credential.expose())).toBe(false);
    expect((await revokeCredential(environment, { server, credential })).ok).toBe(true);
  });

  it("is revoked after an outage, and else it is told", async () => {
    const { credential } = await earned();
    const server = world.url;
    world.mishaps.push(BUSY);
    expect((await revokeCredential(environment, { server, credential })).ok).toBe(true);
    world.mishaps.push(...Array(100).fill(BUSY));
    expect(await revokeCredential(environment, { server, credential })).toMatchObject({
      error: { code: "server_unavailable" },
    });
  });
});
