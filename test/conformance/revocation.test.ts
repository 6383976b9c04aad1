import { afterEach, describe, expect, it } from "vitest";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { newCredentialSecret, newRobotToken } from "../../src/domain/accounts/secret.ts";
import type { RevocationReason } from "../../src/domain/rejection.ts";
import { REVOCATION_ERRORS } from "../../src/http/exchange/oauth-error.ts";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { limitedApp } from "../support/limited-app.ts";
import { type Answer, answerOf, credentialFor, post, registryToken, revoke } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const ATTEMPTS: Record<RevocationReason, (berth: TestBerth, credential: string) => Promise<Answer>> = {
  request_malformed: (b, credential) => post(b.app, "/oauth2/revoke", { token: [credential, credential] }),
  token_type_unsupported: (b) => revoke(b.app, newRobotToken(webRandom).expose()),
  rate_limited: async (b, credential) => {
    const app = limitedApp(b, { perSecond: 0.25, burst: 1 })("203.0.113.9");
    await revoke(app, "brc_");
    return revoke(app, credential);
  },
  store_unavailable: (b, credential) => {
    b.breakStore();
    return revoke(b.app, credential);
  },
};

/** Seconds, by status: of a limit until it has one more. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: "4", 503: "2" };

describe("every reason for refusing a revocation", () => {
  it.each(Object.keys(ATTEMPTS) as RevocationReason[])("%s", async (reason) => {
    berth = await startTestBerth();
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    const answer = await ATTEMPTS[reason](berth, password);
    const { status, error, description } = REVOCATION_ERRORS[reason];
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error,
      error_description: description,
      reason,
      request_id: answer.headers.get("x-request-id"),
    });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("retry-after")).toBe(RETRY_AFTER[status] ?? null);
    expect(berth.log.at(-1)).toMatchObject({ message: "request", reason, route: "/oauth2/revoke" });
    if (reason !== "store_unavailable") {
      expect((await registryToken(berth.app, { password })).status).toBe(200);
    }
  });
});

describe("a revocation that is not refused", () => {
  // attack 85
  it.each<{ token: string; of: (b: TestBerth) => Promise<string> }>([
    { token: "a live credential", of: async (b) => credentialFor(b.app, await b.issuer.sign()) },
    {
      token: "a credential that is revoked already",
      of: async (b) => {
        const credential = await credentialFor(b.app, await b.issuer.sign());
        await revoke(b.app, credential);
        return credential;
      },
    },
    { token: "a credential that nobody minted", of: async () => newCredentialSecret(7, webRandom).expose() },
    { token: "a text of no form", of: async () => "brc_" },
  ])("answers $token with an empty 200", async ({ of }) => {
    berth = await startTestBerth();
    const response = await berth.app.request("/oauth2/revoke", {
      method: "POST",
      body: new URLSearchParams({ token: await of(berth) }),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect([...response.headers.keys()].sort()).toEqual([
      "cache-control",
      "pragma",
      "x-content-type-options",
      "x-request-id",
    ]);
  });

  it("ends the credential, and records who did it, once", async () => {
    berth = await startTestBerth();
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    for (let times = 0; times < 2; times += 1) await revoke(berth.app, password);
    expect((await registryToken(berth.app, { password })).status).toBe(401);
    const events = await berth.ledger.readEvents(100);
    expect(events.filter(({ kind }) => kind === "credential.revoked")).toMatchObject([
      { reason: "by its holder", robot: "acme+builder", issuer: berth.issuer.url },
    ]);
  });

  // attack 75
  it("ignores token_type_hint, and takes no token from the query", async () => {
    berth = await startTestBerth();
    const password = await credentialFor(berth.app, await berth.issuer.sign());
    const query = new URLSearchParams({ token: password });
    const inQuery = await answerOf(
      await berth.app.request(`/oauth2/revoke?${query}`, { method: "POST", body: new URLSearchParams() }),
    );
    expect(inQuery.body.reason).toBe("request_malformed");
    expect((await registryToken(berth.app, { password })).status).toBe(200);
    const hinted = await post(berth.app, "/oauth2/revoke", {
      token: password,
      token_type_hint: "refresh_token",
    });
    expect(hinted.status).toBe(200);
    expect((await registryToken(berth.app, { password })).status).toBe(401);
  });
});
