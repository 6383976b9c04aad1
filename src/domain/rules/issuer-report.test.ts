import { describe, expect, it } from "vitest";
import { anIssuer, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import { checkTokenClaims } from "../identity/token-claims-check.ts";
import { reportIssuer } from "./issuer-report.ts";

const ISSUED_AT = 1_700_000_000;
const number = (value: number) => new JsonNumber(String(value));

const claimsOf = (change: Readonly<Record<string, JsonValue | undefined>>) => {
  const baseline = {
    iss: ISSUER_URL,
    sub: SUBJECT,
    aud: PUBLIC_URL,
    iat: number(ISSUED_AT),
    exp: number(ISSUED_AT + 300),
  };
  const claims = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries<JsonValue | undefined>({ ...baseline, ...change })) {
    if (value !== undefined) claims.set(name, value);
  }
  return claims;
};

interface Row {
  readonly token: string;
  readonly claims?: Readonly<Record<string, JsonValue | undefined>>;
  readonly issuer?: Partial<TrustedIssuer>;
  readonly outcomes: string;
}

describe("reportIssuer", () => {
  const rows: Row[] = [
    { token: "of the baseline", outcomes: "issuer met, audience met, lifetime met, form met" },
    {
      token: "whose audience is another",
      claims: { aud: "x" },
      outcomes: "issuer met, audience failed, lifetime met, form met",
    },
    {
      token: "with two audiences",
      claims: { aud: [PUBLIC_URL, "x"] },
      outcomes: "issuer met, audience failed, lifetime met, form met",
    },
    {
      token: "with one audience in a list",
      claims: { aud: [PUBLIC_URL] },
      outcomes: "issuer met, audience met, lifetime met, form met",
    },
    {
      token: "with one of the issuer's audiences",
      issuer: { audiences: ["x", PUBLIC_URL] },
      outcomes: "issuer met, audience met, lifetime met, form met",
    },
    {
      token: "without an audience",
      claims: { aud: undefined },
      outcomes: "issuer met, audience failed, lifetime met, form met",
    },
    {
      token: "that lives too long",
      issuer: { maxLifetimeSeconds: 299 },
      outcomes: "issuer met, audience met, lifetime failed, form met",
    },
    {
      token: "that lives as long as may be",
      issuer: { maxLifetimeSeconds: 300 },
      outcomes: "issuer met, audience met, lifetime met, form met",
    },
    {
      token: "without exp",
      claims: { exp: undefined },
      outcomes: "issuer met, audience met, lifetime unknown, form failed",
    },
    {
      token: "without iat",
      claims: { iat: undefined },
      outcomes: "issuer met, audience met, lifetime unknown, form failed",
    },
    {
      token: "without the jti that its issuer must give",
      issuer: { replay: "jti" },
      outcomes: "issuer met, audience met, lifetime met, form failed",
    },
    {
      token: "that expired before its issue",
      claims: { exp: number(ISSUED_AT - 3600) },
      outcomes: "issuer met, audience met, lifetime met, form failed",
    },
    {
      token: "that is valid after its issue only",
      claims: { nbf: number(ISSUED_AT + 3600) },
      outcomes: "issuer met, audience met, lifetime met, form failed",
    },
  ];
  it.each(rows)("of a token $token is: $outcomes", ({ claims = {}, issuer = {}, outcomes }) => {
    const known = { claims: claimsOf(claims), complete: true };
    const report = reportIssuer(anIssuer(issuer), known);
    expect(report.map(({ check, outcome }) => `${check} ${outcome}`).join(", ")).toBe(outcomes);
    const checked = checkTokenClaims(known.claims, anIssuer(issuer), ISSUED_AT);
    expect(report.every(({ outcome }) => outcome === "met")).toBe(checked.ok);
  });

  it("names what is wanted and what the token says", () => {
    const report = reportIssuer(anIssuer({ maxLifetimeSeconds: 60, replay: "jti" }), {
      claims: claimsOf({ aud: "x" }),
      complete: true,
    });
    expect(report).toEqual([
      { check: "issuer", outcome: "met", wanted: [ISSUER_URL], said: [ISSUER_URL] },
      { check: "audience", outcome: "failed", wanted: [PUBLIC_URL], said: ["x"] },
      { check: "lifetime", outcome: "failed", wanted: ["at most 60 s"], said: ["300 s"] },
      { check: "form", outcome: "failed", wanted: [], said: ["jti is required of this issuer"] },
    ]);
  });

  it("has nothing to name of a form that stands, nor of a lifetime that the token does not say", () => {
    const known = { claims: claimsOf({ iat: undefined }), complete: true };
    expect(reportIssuer(anIssuer(), known).slice(2)).toEqual([
      { check: "lifetime", outcome: "unknown", wanted: ["at most 3600 s"], said: [] },
      { check: "form", outcome: "failed", wanted: [], said: ["iat is not an integer"] },
    ]);
    const [, , lifetime, form] = reportIssuer(anIssuer(), { claims: claimsOf({}), complete: true });
    expect([lifetime, form]).toEqual([
      { check: "lifetime", outcome: "met", wanted: ["at most 3600 s"], said: ["300 s"] },
      { check: "form", outcome: "met", wanted: [], said: [] },
    ]);
  });

  it("says which claim has a wrong form", () => {
    const known = { claims: claimsOf({ nbf: "soon" }), complete: true };
    expect(reportIssuer(anIssuer(), known)[3]).toMatchObject({ said: ["nbf is not an integer"] });
  });

  it.each<{ what: string; issuer: TrustedIssuer | undefined; iss: JsonValue; said: string[] }>([
    { what: "unknown", issuer: undefined, iss: ISSUER_URL, said: [ISSUER_URL] },
    { what: "disabled", issuer: anIssuer({ enabled: false }), iss: ISSUER_URL, said: [ISSUER_URL] },
    { what: "another", issuer: anIssuer(), iss: `${ISSUER_URL}/`, said: [`${ISSUER_URL}/`] },
    { what: "no text", issuer: undefined, iss: null, said: [] },
  ])("looks no further when the issuer is $what", ({ issuer, iss, said }) => {
    const report = reportIssuer(issuer, { claims: claimsOf({ iss }), complete: true });
    expect(report).toEqual([
      { check: "issuer", outcome: "failed", wanted: issuer ? [`${ISSUER_URL}, enabled`] : [], said },
    ]);
  });

  it("takes the rest as passed of a request that was refused after it", () => {
    const known = { claims: new Map([["iss", ISSUER_URL]]), complete: false };
    expect(reportIssuer(anIssuer(), known)).toEqual([
      { check: "issuer", outcome: "met", wanted: [ISSUER_URL], said: [ISSUER_URL] },
    ]);
  });
});
