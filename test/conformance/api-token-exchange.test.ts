import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ADMINISTRATION } from "../support/admin-robot.ts";
import { anEvent } from "../support/baseline.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import {
  type Answer,
  answerOf,
  credentialFor,
  exchange,
  type FormChange,
  quayExchange,
  registryToken,
  revoke,
} from "../support/requests.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth(ADMINISTRATION);
});
afterEach(() => berth.close());

const send = async (change: FormChange = {}): Promise<Answer> =>
  exchange(berth.app, await berth.issuer.sign(), change);
const newApiToken = async () => credentialFor(berth.app, await berth.issuer.sign());

async function manage(token: string, namespace = "acme"): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return answerOf(await berth.app.request(`/api/v1/organization/${namespace}/robots`, { headers }));
}

describe("an exchange under a rule that grants API scopes (RFC 8693 §2.2.1)", () => {
  it("is answered with a bearer token, and no user name", async () => {
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^bra_[0-9]{2}[0-9A-Za-z]{49}$/),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 900,
      scope: "rules:write robots:write",
    });
  });

  it.each<{ change: FormChange; scope?: string; seconds?: number }>([
    { change: { scope: "robots:write" }, scope: "robots:write" },
    { change: { scope: "super:user rules:write org:read" }, scope: "rules:write" },
    { change: { scope: "" } },
    { change: { requested_ttl: "300" }, seconds: 300 },
    { change: { requested_ttl: "3600" } },
  ])("takes $change", async ({ change, scope = "rules:write robots:write", seconds = 900 }) => {
    const { body } = await send(change);
    expect([body.scope, body.expires_in]).toEqual([scope, seconds]);
  });

  it.each<{ what: string; records?: BerthChange; scope: string; reason: string }>([
    {
      what: "Docker scopes of an API rule",
      scope: "repository:acme/app:pull",
      reason: "scope_not_granted",
    },
    { what: "API scopes that the rule lacks", scope: "super:user", reason: "scope_not_granted" },
    { what: "API scopes of a registry rule", records: {}, scope: "rules:write", reason: "scope_not_granted" },
    {
      what: "scopes of both kinds",
      scope: "rules:write repository:acme/app:pull",
      reason: "scope_malformed",
    },
    { what: "a scope of no kind among API scopes", scope: "rules:write openid", reason: "scope_malformed" },
    { what: "an API scope in capitals", scope: "RULES:WRITE", reason: "scope_malformed" },
  ])("refuses $what, and burns nothing", async ({ records, scope, reason }) => {
    if (records) await berth.put(records);
    const token = await berth.issuer.sign();
    const answer = await exchange(berth.app, token, { scope });
    expect([answer.status, answer.body.error, answer.body.reason]).toEqual([400, "invalid_scope", reason]);
    expect(await berth.minted()).toBe(0);
    expect((await exchange(berth.app, token)).status).toBe(200);
  });

  it("uses the identity token up, and gives its successor for the same retry key alone", async () => {
    const token = await berth.issuer.sign();
    const retry_key = "r".repeat(22);
    const first = await credentialFor(berth.app, token, { retry_key });
    expect((await exchange(berth.app, token)).body.reason).toBe("token_used");
    const second = await credentialFor(berth.app, token, { retry_key });
    expect([(await manage(first)).status, (await manage(second)).status]).toEqual([401, 200]);
  });

  it("is refused in Quay's way, whose answer is a registry's password, and burns nothing", async () => {
    const token = await berth.issuer.sign();
    const answer = await quayExchange(berth.app, "acme+builder", token);
    expect([answer.status, answer.body.reason]).toEqual([400, "scope_not_granted"]);
    expect(await berth.minted()).toBe(0);
    expect((await exchange(berth.app, token)).status).toBe(200);
  });
});

describe("an API token that an identity token earned", () => {
  it("administers its robot's namespace, and no other", async () => {
    const token = await newApiToken();
    expect([(await manage(token)).status, (await manage(token, "globex")).status]).toEqual([200, 403]);
    expect(berth.log.at(-1)).toMatchObject({
      actor: expect.stringMatching(/^acme\+builder#\d\d[0-9a-f]{32}$/),
    });
  });

  it("is no password of a registry", async () => {
    const answer = await registryToken(berth.app, { password: await newApiToken() });
    expect([answer.status, berth.log.at(-1)?.reason]).toEqual([401, "credentials_invalid"]);
  });

  const api = ADMINISTRATION.rule;
  it.each<{ what: string; end: (token: string) => Promise<unknown> }>([
    { what: "its holder revokes it", end: (token) => revoke(berth.app, token) },
    {
      what: "its rule is disabled",
      end: () => berth.put({ ...ADMINISTRATION, rule: { ...api, enabled: false } }),
    },
    {
      what: "its rule grants registry access instead",
      end: () => berth.put({ ...ADMINISTRATION, rule: { nonce: "new" } }),
    },
    {
      what: "its robot is disabled",
      end: () => berth.put({ ...ADMINISTRATION, robot: { permissions: [], enabled: false } }),
    },
    {
      what: "its namespace is disabled",
      end: () => berth.put({ ...ADMINISTRATION, namespace: { enabled: false } }),
    },
    {
      what: "its issuer is disabled, a second later",
      end: async () => {
        await berth.put({ ...ADMINISTRATION, issuer: { enabled: false } });
        berth.clock.advance(1000);
      },
    },
    { what: "a new epoch begins", end: () => berth.ledger.startEpoch(anEvent(berth.clock.now())) },
    { what: "its time is over", end: async () => berth.clock.advance(900_000) },
  ])("is dead when $what", async ({ end }) => {
    const token = await newApiToken();
    expect((await manage(token)).status).toBe(200);
    await end(token);
    const answer = await manage(token);
    expect([answer.status, answer.body.reason]).toEqual([401, "unauthenticated"]);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="berth", error="invalid_token"');
  });

  it("stands in no log line and no event", async () => {
    const token = await newApiToken();
    await manage(token);
    await revoke(berth.app, token);
    await manage(token);
    const told = JSON.stringify([berth.log, berth.trail, await berth.ledger.readEvents(100)]);
    expect(told).toContain("rules:write");
    expect(told).not.toContain(token.slice(4));
  });
});
