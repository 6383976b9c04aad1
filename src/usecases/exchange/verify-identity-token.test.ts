import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { IssuerKeyPair } from "../../../test/support/issuer-key-pair.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { MAX_IDENTITY_TOKEN_BYTES } from "../../domain/identity/identity-token.ts";
import { JsonNumber } from "../../domain/identity/strict-json.ts";
import { err } from "../../domain/result.ts";
import { verifyIdentityToken } from "./verify-identity-token.ts";

let world: UseCaseWorld;
beforeAll(async () => {
  world = await startUseCaseWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.put({});
  world.takeSteps();
});

const verify = (token: string) => verifyIdentityToken(world.deps, token, MAX_IDENTITY_TOKEN_BYTES);

it("says who the job is", async () => {
  const token = await world.issuer.sign({ jti: "job-1", run_id: 4711 });
  const verified = await verify(token);
  const now = world.clock.seconds();
  if (!verified.ok) throw new Error(verified.error.reason);
  const { issuer, claims, subject, times, signingInput } = verified.value;
  expect(issuer).toEqual(world.issuer.issuer());
  expect(Object.fromEntries(claims)).toEqual({
    iss: world.issuer.url,
    sub: SUBJECT,
    aud: PUBLIC_URL,
    iat: new JsonNumber(`${now + 1}`),
    exp: new JsonNumber(`${now + 301}`),
    jti: "job-1",
    run_id: new JsonNumber("4711"),
  });
  expect(subject).toBe(SUBJECT);
  expect(times).toEqual({ issuedAt: now + 1, expiresAt: now + 301 });
  expect(signingInput).toBe(token.slice(0, token.lastIndexOf(".")));
  expect(world.takeSteps()).toEqual(["system.findIssuer", "verifier.verify"]);
});

interface Refusal {
  readonly change: string;
  readonly records?: BerthChange;
  readonly token: () => string | Promise<string>;
  readonly refused: { readonly reason: string; readonly detail?: string | (() => string) };
}

const issuerUrl = () => world.issuer.url;
const sign = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
  world.issuer.sign(claims, header);

async function expectRefusal({ records, token, refused }: Refusal, steps: readonly string[]): Promise<void> {
  if (records) await world.put(records);
  const text = await token();
  const { connections } = world.issuer;
  const { reason, detail } = refused;
  const expected = typeof detail === "function" ? detail() : detail;
  // Counted by the issuer's family, once there is one.
  const isKnownIssuer = steps.length > 0 && reason !== "issuer_unknown";
  expect(await verify(text)).toEqual(
    err({
      reason,
      ...(expected === undefined ? {} : { detail: expected }),
      ...(isKnownIssuer ? { profile: "generic" } : {}),
    }),
  );
  expect(world.takeSteps()).toEqual(steps);
  if (!steps.includes("verifier.verify")) expect(world.issuer.connections).toBe(connections);
}

describe("by its shape, with nothing looked up", () => {
  it.each<Refusal>([
    {
      change: "one byte too many",
      token: () => "x".repeat(MAX_IDENTITY_TOKEN_BYTES + 1),
      refused: { reason: "token_too_large", detail: "over 16384 bytes" },
    },
    {
      change: "two parts",
      token: async () => (await sign({})).split(".").slice(0, 2).join("."),
      refused: { reason: "token_malformed", detail: "not three non-empty parts" },
    },
    { change: "no iss", token: () => sign({ iss: undefined }), refused: { reason: "issuer_unknown" } },
    {
      change: "iss in a list",
      token: () => sign({ iss: [issuerUrl()] }),
      refused: { reason: "issuer_unknown" },
    },
  ])("refuses $change", (refusal) => expectRefusal(refusal, []));
});

// attack 42
describe("by its issuer and header, before any key", () => {
  it.each<Refusal>([
    {
      change: "a stranger's token",
      token: () => sign({ iss: "https://stranger.example.com" }),
      refused: { reason: "issuer_unknown", detail: "https://stranger.example.com" },
    },
    {
      change: "a stranger of a long name, which the log gets in part",
      token: () => sign({ iss: `https://${"x".repeat(1000)}` }),
      refused: { reason: "issuer_unknown", detail: `https://${"x".repeat(247)}` },
    },
    {
      change: "the issuer with a slash behind it",
      token: () => sign({ iss: `${issuerUrl()}/` }),
      refused: { reason: "issuer_unknown", detail: () => `${issuerUrl()}/` },
    },
    {
      change: "a disabled issuer",
      records: { issuer: { enabled: false } },
      token: () => sign({}),
      refused: { reason: "issuer_unknown", detail: issuerUrl },
    },
    {
      change: "a header that brings its key",
      token: () => sign({}, { jwk: world.issuer.signingKey.publicJwk() }),
      refused: { reason: "header_refused", detail: "jwk" },
    },
    { change: "alg none", token: () => sign({}, { alg: "none" }), refused: { reason: "algorithm_refused" } },
  ])("refuses $change", (refusal) => expectRefusal(refusal, ["system.findIssuer"]));

  it("refuses what a store that folds case takes for its issuer", async () => {
    const shouted = world.issuer.url.toUpperCase();
    const folding = { ...world.deps.system, findIssuer: async () => world.issuer.issuer() };
    const verified = await verifyIdentityToken(
      { ...world.deps, system: folding },
      await sign({ iss: shouted }),
      MAX_IDENTITY_TOKEN_BYTES,
    );
    expect(verified).toEqual(err({ reason: "issuer_unknown", detail: shouted }));
    expect(world.takeSteps()).toEqual([]);
  });
});

describe("by its signature, before any claim but iss", () => {
  it.each<Refusal>([
    {
      change: "a key id that is not published",
      token: () => sign({}, { kid: "key-99" }),
      refused: { reason: "key_unknown", detail: issuerUrl },
    },
    {
      change: "another's key under a published id",
      token: () => world.issuer.sign({}, {}, { key: new IssuerKeyPair("key-1", "ES256") }),
      refused: { reason: "signature_invalid", detail: issuerUrl },
    },
    {
      change: "a bad signature, whatever else is wrong as well",
      token: () =>
        world.issuer.sign(
          { exp: 1, iat: "0", aud: "https://other.example.com", sub: "" },
          {},
          { key: new IssuerKeyPair("key-1", "ES256") },
        ),
      refused: { reason: "signature_invalid", detail: issuerUrl },
    },
  ])("refuses $change", (refusal) => expectRefusal(refusal, ["system.findIssuer", "verifier.verify"]));

  it("refuses while the issuer's keys cannot be had", async () => {
    const unreachable = await startUseCaseWorld();
    try {
      unreachable.issuer.faults.discovery = "error";
      const verified = await verifyIdentityToken(
        unreachable.deps,
        await unreachable.issuer.sign(),
        MAX_IDENTITY_TOKEN_BYTES,
      );
      expect(verified).toEqual(
        err({ reason: "keys_unavailable", detail: unreachable.issuer.url, profile: "generic" }),
      );
    } finally {
      await unreachable.close();
    }
  });
});

describe("by its claims", () => {
  const now = () => world.clock.seconds();
  it.each<Refusal>([
    {
      change: "an expired token",
      token: () => sign({ iat: now() - 330, exp: now() - 30 }),
      refused: { reason: "token_expired", detail: issuerUrl },
    },
    {
      change: "a token of tomorrow",
      token: () => sign({ nbf: now() + 31 }),
      refused: { reason: "token_not_yet_valid", detail: issuerUrl },
    },
    {
      change: "another audience",
      token: () => sign({ aud: "https://other.example.com" }),
      refused: { reason: "audience_mismatch", detail: issuerUrl },
    },
    {
      change: "a second audience",
      token: () => sign({ aud: [PUBLIC_URL, "https://other.example.com"] }),
      refused: { reason: "audience_mismatch" },
    },
    {
      change: "a lifetime over the issuer's maximum",
      token: () => sign({ iat: now(), exp: now() + 3601 }),
      refused: { reason: "token_lifetime_too_long", detail: "over 3600 s" },
    },
    {
      change: "no jti of an issuer that must give one",
      records: { issuer: { replay: "jti" } },
      token: () => sign({ jti: undefined }),
      refused: { reason: "claim_malformed", detail: "jti is required of this issuer" },
    },
    {
      change: "no sub",
      token: () => sign({ sub: undefined }),
      refused: { reason: "claim_malformed", detail: "sub" },
    },
  ])("refuses $change", (refusal) => expectRefusal(refusal, ["system.findIssuer", "verifier.verify"]));

  it("takes a token up to the last second of the tolerance", async () => {
    expect(await verify(await sign({ iat: now() - 329, exp: now() - 29 }))).toMatchObject({ ok: true });
  });
});
