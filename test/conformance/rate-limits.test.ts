import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenBuckets } from "../../src/adapters/runtime/token-buckets.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { parseSettings } from "../../src/config/settings.ts";
import { newCredentialSecret } from "../../src/domain/accounts/secret.ts";
import { createApp } from "../../src/http/app.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { limitedApp } from "../support/limited-app.ts";
import {
  type Answer,
  type App,
  answerOf,
  credentialFor,
  exchange,
  post,
  quayExchange,
  registryToken,
} from "../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

/** What an operator gets who says nothing. */
function defaultLimit() {
  const settings = parseSettings(
    {
      BERTH_PUBLIC_URL: "https://berth.example.com",
      BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32).toString("base64")}`,
    },
    () => "",
  );
  if (!settings.ok || settings.value.rateLimit === undefined) throw new Error("there is no default");
  return settings.value.rateLimit;
}

const NAT = "203.0.113.9";
const ATTACKER = "198.51.100.66";
/** What docker asks for at a push with six candidates to mount from. */
const TOKENS_OF_A_PUSH = 7;

const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))];
const guess = (app: App) => registryToken(app, { password: "guess" });

describe("at the default limits", () => {
  it("sixty jobs behind one address exchange and push at the same moment", async () => {
    const app = limitedApp(berth, defaultLimit())(NAT);
    const tokens = await Promise.all(Array.from({ length: 60 }, () => berth.issuer.sign()));
    const passwords = await Promise.all(tokens.map((token) => credentialFor(app, token)));
    const pushes = passwords.flatMap((password) =>
      Array.from({ length: TOKENS_OF_A_PUSH }, () =>
        registryToken(app, { password, scopes: ["repository:acme/app:pull,push"] }),
      ),
    );
    expect(statuses(await Promise.all(pushes))).toEqual([200]);
  });

  // attack 88
  it("a flood from one address is refused, and another address passes", async () => {
    const from = limitedApp(berth, defaultLimit());
    const attacker = from(ATTACKER);
    for (let count = 0; count < 600; count += 1) expect((await guess(attacker)).status).toBe(401);
    const refused = await Promise.all(Array.from({ length: 100 }, () => guess(attacker)));
    expect(statuses(refused)).toEqual([429]);
    expect(statuses([await exchange(from(NAT), await berth.issuer.sign())])).toEqual([200]);
    berth.clock.advance(1000);
    const later = await Promise.all(Array.from({ length: 25 }, () => guess(attacker)));
    expect(later.map(({ status }) => status)).toEqual([
      ...new Array<number>(20).fill(401),
      ...new Array<number>(5).fill(429),
    ]);
  });
});

describe("the limit by address", () => {
  const ONE = { perSecond: 0.25, burst: 1 };
  const ROUTES: Readonly<Record<string, (app: App) => Promise<Answer>>> = {
    "POST /oauth2/token": async (app) => exchange(app, await berth.issuer.sign()),
    "GET /oauth2/federation/robot/token": async (app) =>
      quayExchange(app, "acme+builder", await berth.issuer.sign()),
    "POST /oauth2/revoke": (app) => post(app, "/oauth2/revoke", { token: "brc_" }),
    "POST /oauth2/introspect": (app) => post(app, "/oauth2/introspect", { token: "bra_" }),
    "GET /v2/auth": guess,
    "GET /auth/token": (app) => registryToken(app, { path: "/auth/token" }),
    "POST /v2/auth": (app) => post(app, "/v2/auth", { grant_type: "password" }),
    "GET /api/v1/organization/acme": async (app) => answerOf(await app.request("/api/v1/organization/acme")),
    "a path of the management API that is not there": async (app) =>
      answerOf(await app.request("/api/v1/nowhere")),
  };

  it.each(Object.keys(ROUTES))("has %s behind it, in one bucket with the others", async (route) => {
    const app = limitedApp(berth, ONE)(NAT);
    await guess(app);
    const answer = await ROUTES[route]?.(app);
    expect(answer?.status).toBe(429);
    expect(answer?.headers.get("retry-after")).toBe("4");
    expect(answer?.headers.get("cache-control")).toBe("no-store");
    expect(await berth.minted()).toBe(0);
    expect(berth.log.at(-1)).toMatchObject({ status: 429, reason: "rate_limited", client_address: NAT });
  });

  it("answers in each pipeline's own form", async () => {
    const app = limitedApp(berth, ONE)(NAT);
    await guess(app);
    const oauth = await ROUTES["POST /oauth2/token"]?.(app);
    expect(oauth?.body).toEqual({
      error: "temporarily_unavailable",
      error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
      reason: "rate_limited",
      request_id: oauth?.headers.get("x-request-id"),
    });
    expect((await guess(app)).body).toEqual({
      errors: [{ code: "TOOMANYREQUESTS", message: expect.any(String) }],
    });
    const managed = await ROUTES["GET /api/v1/organization/acme"]?.(app);
    expect(managed?.body).toMatchObject({ status: 429, error_type: "rate_limited", reason: "rate_limited" });
  });

  it.each(["/healthz", "/readyz", "/keys/ca.pem", "/.well-known/jwks.json"])(
    "does not stand before %s",
    async (path) => {
      const app = limitedApp(berth, ONE)(NAT);
      await guess(app);
      expect((await app.request(path)).status).toBe(200);
    },
  );

  it("gives an honest Retry-After: that long, and no longer", async () => {
    const app = limitedApp(berth, ONE)(NAT);
    await guess(app);
    berth.clock.advance(2500);
    expect((await guess(app)).headers.get("retry-after")).toBe("2");
    berth.clock.advance(2000);
    expect((await guess(app)).status).toBe(401);
  });

  it.each([
    { what: "one network of IPv6", first: "2001:db8:1:2::9", second: "2001:db8:1:2:ffff::1", status: 429 },
    { what: "another network of IPv6", first: "2001:db8:1:2::9", second: "2001:db8:1:3::9", status: 401 },
    { what: "the neighbour", first: "203.0.113.9", second: "203.0.113.10", status: 401 },
    { what: "this machine", first: "127.0.0.1", second: "127.0.0.1", status: 401 },
    { what: "a call in-process", first: undefined, second: undefined, status: 401 },
  ])("to $what: $status", async ({ first, second, status }) => {
    const from = limitedApp(berth, ONE);
    await guess(from(first));
    expect((await guess(from(second))).status).toBe(status);
  });

  // attack 88
  it("counts by what a trusted proxy says, and not by what a client makes up", async () => {
    await berth.close();
    berth = await startTestBerth({
      trustedProxies: ["10.0.0.7"],
      addressLimit: ONE,
      peerAddress: "10.0.0.7",
    });
    const ask = async (forwarded: string) =>
      (await berth.app.request("/v2/auth?service=x", { headers: { "x-forwarded-for": forwarded } })).status;
    expect([
      await ask(`192.0.2.1, ${ATTACKER}`),
      await ask(`192.0.2.2, ${ATTACKER}`),
      await ask(NAT),
    ]).toEqual([400, 429, 400]);
  });
});

describe("wrong passwords", () => {
  it("do not lock the holder of the right one out, however many there were", async () => {
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    for (let count = 0; count < 200; count += 1) {
      const wrong = newCredentialSecret(7, webRandom).expose();
      expect((await registryToken(berth.app, { password: wrong })).status).toBe(401);
    }
    expect((await registryToken(berth.app, { password })).status).toBe(200);
  });
});

describe("failures of one tenant", () => {
  it("are slowed down with 429, whoever else comes from the same address", async () => {
    const failureLimit = new TokenBuckets({ perSecond: 0.5, burst: 3 }, berth.clock);
    const app = createApp({ ...berth.deps, failureLimit, peerAddress: () => NAT });
    const ask = async (sub?: string) =>
      exchange(app, await berth.issuer.sign(sub === undefined ? {} : { sub }));
    const failed: Answer[] = [];
    for (let count = 0; count < 4; count += 1) failed.push(await ask("repo:stranger/app:x"));
    expect(failed.map(({ body }) => body.reason)).toEqual([
      "no_match",
      "no_match",
      "no_match",
      "rate_limited",
    ]);
    expect([failed[3]?.status, failed[3]?.headers.get("retry-after")]).toEqual([429, "2"]);
    expect((await ask()).status).toBe(200);
  });
});
