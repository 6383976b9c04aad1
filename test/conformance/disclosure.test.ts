import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import { aRule, SERVICE } from "../support/baseline.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import {
  basic,
  credentialFor,
  exchange,
  formOf,
  ID_TOKEN,
  registryToken,
  TOKEN_EXCHANGE,
} from "../support/requests.ts";

let berth: TestBerth;
afterEach(() => berth.close());

const DELAY_MS = 250;

interface Cause {
  readonly change?: BerthChange;
  readonly robot?: string;
  /** What the auditor is told. */
  readonly detail: string;
}

/** Why an exchange fails after the signature: nobody who asks may tell one from another, and an auditor can. */
const CAUSES: Readonly<Record<string, Cause>> = {
  "another subject": {
    change: { rule: { subject: "repo:acme/other" } },
    detail: "rule rule-1: subject",
  },
  "an unknown robot": { robot: "acme+nobody", detail: "no such robot account" },
  "an unknown namespace": { robot: "nowhere+builder", detail: "no such robot account" },
  "a disabled robot": { change: { robot: { enabled: false } }, detail: "the robot account is disabled" },
  "a disabled namespace": {
    change: { namespace: { enabled: false } },
    detail: "the robot account is disabled",
  },
  "a robot without rules": { change: { robot: { rules: [] } }, detail: "the robot account has no rules" },
  "a disabled rule": { change: { rule: { enabled: false } }, detail: "rule rule-1: enabled" },
  "a rule for another issuer": {
    change: { rule: { issuer: "https://other.example.com" } },
    detail: "rule rule-1: issuer",
  },
  "a rule for another audience": { change: { rule: { audience: "berth" } }, detail: "rule rule-1: audience" },
  "a claim that is another": {
    change: { rule: { claims: { ref: ["refs/heads/dev"] } } },
    detail: "rule rule-1: claim ref",
  },
  "a claim that is absent": {
    change: { rule: { claims: { environment: ["production"] } } },
    detail: "rule rule-1: claim environment",
  },
  "an event that is denied": {
    change: { issuer: { profile: "github" } },
    detail: "rule rule-1: denied: a job that a pull request, a comment or another workflow started",
  },
  "a thousand rules": {
    change: {
      robot: {
        rules: Array.from({ length: 1000 }, (_, at) => aRule({ id: `rule-${at}`, subject: `s-${at}` })),
      },
    },
    detail: "; and 980 more",
  },
};

/** All that a caller can see, and what it cost; what is random is taken out. */
async function observe(change: BerthChange, robot: string, way: "POST" | "GET") {
  berth = await startTestBerth({ refusalDelayMs: DELAY_MS, ...change });
  // The keys of the issuer are fetched by the first who asks.
  await exchange(berth.app, await berth.issuer.sign({ aud: "nobody" }));
  const token = await berth.issuer.sign({
    ref: "refs/heads/main",
    event_name: "pull_request_target",
    jti: "job-1",
  });
  const calls = countCalls(berth);
  const startedAt = berth.clock.now();
  const response =
    way === "POST"
      ? await berth.app.request("/oauth2/token", {
          method: "POST",
          body: formOf({
            grant_type: TOKEN_EXCHANGE,
            subject_token: token,
            subject_token_type: ID_TOKEN,
            robot,
          }),
        })
      : await berth.app.request("/oauth2/federation/robot/token", { headers: basic(robot, token) });
  const requestId = response.headers.get("x-request-id") ?? "";
  const seen = {
    status: response.status,
    headers: [...response.headers].filter(([name]) => name !== "x-request-id"),
    body: (await response.text()).replace(requestId, "REQUEST"),
    calls: calls(),
    waits: berth.clock.waits.map((until) => until - startedAt),
  };
  const detail = berth.trail.at(-1)?.detail;
  await berth.close();
  return { seen, detail };
}

/** Counts the calls of both stores and of the cryptography, which all go through. */
function countCalls(of: TestBerth): () => Record<string, number> {
  const spies = [
    ...(["findAccount", "readSystem", "readNamespace", "listNamespaces"] as const).map(
      (name) => [name, vi.spyOn(of.directory, name)] as const,
    ),
    ...(["redeem", "findCredential", "revoke", "record"] as const).map(
      (name) => [name, vi.spyOn(of.ledger, name)] as const,
    ),
    ...(["verify", "digest"] as const).map((name) => [name, vi.spyOn(crypto.subtle, name)] as const),
  ];
  return () => Object.fromEntries(spies.map(([name, spy]) => [name, spy.mock.calls.length]));
}

describe.each(["POST", "GET"] as const)("a refusal after the signature, by %s", (way) => {
  // attack 70, 71
  it.each(Object.entries(CAUSES))("looks the same and costs the same for %s", async (_, cause) => {
    const reference = await observe({ rule: { subject: "repo:acme/reference" } }, "acme+builder", way);
    vi.restoreAllMocks();
    const { seen, detail } = await observe(cause.change ?? {}, cause.robot ?? "acme+builder", way);
    expect(seen).toEqual(reference.seen);
    expect(detail).toContain(cause.detail);
    expect(seen).toMatchObject({ status: 400, waits: [DELAY_MS] });
    expect(JSON.parse(seen.body)).toMatchObject({ reason: "no_match" });
    expect(seen.calls).toMatchObject({ findAccount: 1, verify: 1, redeem: 0, record: 0 });
  });
});

const text = fc.stringMatching(/^[a-z][a-z0-9:/@._-]{11,40}$/);
const anyRule: fc.Arbitrary<Partial<FederationRule>> = fc.record({
  id: text,
  nonce: text,
  description: text,
  subject: text,
  audience: fc.option(text, { nil: "" }),
  claims: fc.dictionary(text, fc.array(text, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 3 }),
  permissions: fc.constant([
    { registry: SERVICE, repository: "acme/secret-project", role: "write" as const },
  ]),
});

function valuesOf(rule: Partial<FederationRule>): readonly string[] {
  const { id, nonce, description, subject, audience, claims = {}, permissions = [] } = rule;
  return [id, nonce, description, subject, audience, ...Object.keys(claims), ...Object.values(claims).flat()]
    .concat(permissions.map(({ repository }) => repository))
    .filter((value) => value !== undefined && value !== "")
    .map(String);
}

// attack 72
it("no refusal holds any value of a rule", async () => {
  berth = await startTestBerth();
  await fc.assert(
    fc.asyncProperty(anyRule, fc.boolean(), async (rule, matchesSubject) => {
      await berth.put({ rule });
      const sub = matchesSubject ? rule.subject : "repo:acme/app:ref:refs/heads/main";
      const answer = await exchange(berth.app, await berth.issuer.sign({ sub }));
      expect(answer.body.reason).toBe("no_match");
      const said = JSON.stringify([answer.body, [...answer.headers]]);
      for (const value of valuesOf(rule)) expect(said).not.toContain(value);
    }),
    { numRuns: 60 },
  );
});

// attack 74
it("no log line and no audit event holds a secret or an identity token", async () => {
  berth = await startTestBerth();
  const identityTokens = [
    await berth.issuer.sign(),
    await berth.issuer.sign({ sub: "x" }),
    await berth.issuer.sign({ iat: 1 }),
  ];
  const [used = ""] = identityTokens;
  const credential = await credentialFor(berth.app, used, { retry_key: "0123456789abcdefghijklmn" });
  for (const token of identityTokens) await exchange(berth.app, token);
  const granted = await registryToken(berth.app, { password: credential });
  await registryToken(berth.app, { password: `${credential}x` });
  // Both fields filled the wrong way round.
  await registryToken(berth.app, { username: credential, password: "acme+builder" });
  await registryToken(berth.app, { username: used, password: "acme+builder" });
  const written = JSON.stringify([berth.log, berth.trail, await berth.ledger.readEvents(100)]);
  const secrets = [
    ...identityTokens.flatMap((token) => token.split(".").slice(1)),
    credential,
    String(granted.body.token),
    "0123456789abcdefghijklmn",
  ];
  for (const secret of secrets) expect(written).not.toContain(secret);
  expect(written.length).toBeGreaterThan(1000);
});
