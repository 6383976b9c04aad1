import { afterEach, describe, expect, it } from "vitest";
import type { ExchangeReason } from "../../src/domain/rejection.ts";
import { OAUTH_ERRORS } from "../../src/http/exchange/oauth-error.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { IssuerKeyPair } from "../support/issuer-key-pair.ts";
import { type Answer, credentialFor, exchange, type FormChange, revoke } from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

interface Attempt {
  /** What differs in the records. */
  readonly change?: BerthChange;
  /** What happens before; its credentials are not counted against the attempt. */
  readonly before?: (berth: TestBerth) => Promise<void>;
  readonly send: (berth: TestBerth) => Promise<Answer>;
}

/** One change of the payload. */
function withClaims(claims: (berth: TestBerth) => Record<string, unknown>, form: FormChange = {}): Attempt {
  return { send: async (b) => exchange(b.app, await b.issuer.sign(claims(b)), form) };
}

/** One change of the form. */
function withForm(form: FormChange): Attempt {
  return withClaims(() => ({}), form);
}

let usedToken = "";

/** Every reason, and a way to it from the valid baseline. A reason without one does not compile. */
const ATTEMPTS: Record<ExchangeReason, Attempt> = {
  request_malformed: withForm({ robot: "acme/builder" }),
  grant_type_unsupported: withForm({ grant_type: "client_credentials" }),
  token_type_unsupported: withForm({ subject_token_type: "urn:ietf:params:oauth:token-type:saml2" }),
  scope_malformed: withForm({ scope: "everything" }),
  ttl_malformed: withForm({ requested_ttl: "299" }),
  token_too_large: withClaims(() => ({ padding: "x".repeat(16 * 1024) })),
  token_malformed: { send: (b) => exchange(b.app, "a.b.c.d.e") },
  issuer_unknown: withClaims(() => ({ iss: "https://stranger.example.com" })),
  header_refused: { send: async (b) => exchange(b.app, await b.issuer.sign({}, { crit: ["exp"] })) },
  algorithm_refused: {
    change: { issuer: { algorithms: ["RS256"] } },
    send: async (b) => exchange(b.app, await b.issuer.sign()),
  },
  key_unknown: { send: async (b) => exchange(b.app, await b.issuer.sign({}, { kid: "key-99" })) },
  signature_invalid: {
    send: async (b) =>
      exchange(b.app, await b.issuer.sign({}, {}, { key: new IssuerKeyPair("key-1", "ES256") })),
  },
  token_expired: withClaims((b) => ({ iat: b.clock.seconds() - 330, exp: b.clock.seconds() - 30 })),
  token_not_yet_valid: withClaims((b) => ({ iat: b.clock.seconds() + 31, exp: b.clock.seconds() + 331 })),
  token_lifetime_too_long: withClaims((b) => ({ exp: b.clock.seconds() + 1 + 3601 })),
  claim_malformed: withClaims((b) => ({ iat: `${b.clock.seconds()}` })),
  audience_mismatch: withClaims(() => ({ aud: "https://somebody.example.com" })),
  no_match: withClaims(() => ({ sub: "repo:acme-evil/app:ref:refs/heads/main" })),
  scope_not_granted: withForm({ scope: "repository:acme/other:pull" }),
  token_used: {
    before: async (b) => {
      usedToken = await b.issuer.sign();
      await credentialFor(b.app, usedToken);
    },
    send: (b) => exchange(b.app, usedToken),
  },
  token_revoked: {
    change: { issuer: { replay: "reusable" } },
    before: async (b) => {
      usedToken = await b.issuer.sign();
      await revoke(b.app, await credentialFor(b.app, usedToken));
    },
    send: (b) => exchange(b.app, usedToken),
  },
  token_predates_store: withClaims((b) => ({ iat: b.clock.seconds() - 10 })),
  too_many_credentials: {
    change: { issuer: { replay: "reusable" } },
    before: async (b) => {
      usedToken = await b.issuer.sign();
      for (let count = 0; count < 20; count += 1) await credentialFor(b.app, usedToken);
    },
    send: (b) => exchange(b.app, usedToken),
  },
  rate_limited: {
    change: { failureLimit: { perSecond: 0.25, burst: 1 } },
    before: async (b) => {
      await exchange(b.app, await b.issuer.sign(), { robot: "acme+nobody" });
    },
    send: async (b) => exchange(b.app, await b.issuer.sign()),
  },
  keys_unavailable: {
    before: async (b) => {
      b.issuer.faults.jwks = "down";
    },
    send: async (b) => exchange(b.app, await b.issuer.sign()),
  },
  store_unavailable: {
    send: async (b) => {
      const token = await b.issuer.sign();
      b.breakStore();
      return exchange(b.app, token);
    },
  },
  clock_skew: {
    before: async (b) => b.storeClock.advance(11_000),
    send: async (b) => exchange(b.app, await b.issuer.sign()),
  },
};

/** Seconds, by status: of a limit until it has one more, less the tenth of one that the refusal before waited. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: "4", 503: "2" };

/** What a caller may learn, and nothing besides. */
const MEMBERS = ["error", "error_description", "reason", "request_id"];

// attack 87
describe("every reason for refusing an exchange", () => {
  it.each(Object.keys(ATTEMPTS) as ExchangeReason[])("%s", async (reason) => {
    const attempt = ATTEMPTS[reason];
    berth = await startTestBerth(attempt.change);
    await attempt.before?.(berth);
    const before = reason === "store_unavailable" ? 0 : await berth.minted();
    const answer = await attempt.send(berth);
    expect(answer.body.reason).toBe(reason);
    expect(answer.status).toBe(OAUTH_ERRORS[reason].status);
    expect(answer.body.error).toBe(OAUTH_ERRORS[reason].error);
    expect(Object.keys(answer.body).sort()).toEqual(MEMBERS);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-request-id")).toBe(answer.body.request_id);
    expect(answer.headers.get("retry-after")).toBe(RETRY_AFTER[answer.status] ?? null);
    if (reason !== "store_unavailable") expect(await berth.minted()).toBe(before);
    expect(berth.log.at(-1)).toMatchObject({ message: "request", reason, route: "/oauth2/token" });
  });
});
