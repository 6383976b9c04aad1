import { describe, expect, it } from "vitest";
import { anIssuer, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import type { ReplayPolicy } from "./issuer.ts";
import { JsonNumber, type JsonValue } from "./strict-json.ts";
import { CLOCK_TOLERANCE_SECONDS, checkTokenClaims } from "./token-claims-check.ts";

const NOW = 1_800_000_000;
const SECOND_AUDIENCE = "berth";
type Change = Record<string, JsonValue | undefined>;

const seconds = (fromNow: number) => new JsonNumber(String(NOW + fromNow));

/** The baseline payload with one change; undefined takes a claim away. */
function check(change: Change, replay: ReplayPolicy = "once") {
  const baseline = {
    exp: seconds(600),
    iat: seconds(-10),
    nbf: seconds(-10),
    aud: PUBLIC_URL,
    sub: SUBJECT,
    jti: "token-1",
  };
  const payload = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries<JsonValue | undefined>({ ...baseline, ...change })) {
    if (value !== undefined) payload.set(name, value);
  }
  const issuer = anIssuer({ maxLifetimeSeconds: 3600, audiences: [PUBLIC_URL, SECOND_AUDIENCE], replay });
  return checkTokenClaims(payload, issuer, NOW);
}

const taken = (issuedAt: number, expiresAt: number) => ({
  ok: true,
  value: { issuedAt: NOW + issuedAt, expiresAt: NOW + expiresAt },
});
const refused = (reason: string, detail?: string) => ({
  ok: false,
  error: detail === undefined ? { reason } : { reason, detail },
});

it("allows clocks to differ by 30 seconds", () => {
  expect(CLOCK_TOLERANCE_SECONDS).toBe(30);
});

describe("the times of an identity token", () => {
  // attack 49
  it.each<{ token: string; change: Change; issuedAt?: number; expiresAt?: number }>([
    { token: "the baseline", change: {} },
    { token: "no nbf", change: { nbf: undefined } },
    {
      token: "exp one second within the tolerance",
      change: { exp: seconds(-29), iat: seconds(-60) },
      issuedAt: -60,
      expiresAt: -29,
    },
    { token: "iat at the tolerance", change: { iat: seconds(30) }, issuedAt: 30 },
    { token: "nbf at the tolerance", change: { nbf: seconds(30) } },
    { token: "nbf long before iat, as GitHub has it", change: { nbf: seconds(-7200) } },
    {
      token: "the longest life",
      change: { iat: seconds(0), exp: seconds(3600) },
      issuedAt: 0,
      expiresAt: 3600,
    },
    {
      token: "a life of one second",
      change: { iat: seconds(5), exp: seconds(6) },
      issuedAt: 5,
      expiresAt: 6,
    },
  ])("are taken: $token", ({ change, issuedAt = -10, expiresAt = 600 }) => {
    expect(check(change)).toEqual(taken(issuedAt, expiresAt));
  });

  const wrongForms: { form: string; value: JsonValue | undefined }[] = [
    { form: "a string", value: String(NOW) },
    { form: "a fraction", value: new JsonNumber(`${NOW}.0`) },
    { form: "an exponent", value: new JsonNumber("18e8") },
    { form: "past the safe integers", value: new JsonNumber("9007199254740993") },
    { form: "null", value: null },
    { form: "true", value: true },
    { form: "a list", value: [seconds(0)] },
  ];
  // attack 47, 48
  it.each([
    { name: "exp", form: "absent", value: undefined },
    { name: "iat", form: "absent", value: undefined },
    ...["exp", "iat", "nbf"].flatMap((name) => wrongForms.map((row) => ({ name, ...row }))),
  ])("refuses $name that is $form", ({ name, value }) => {
    expect(check({ [name]: value })).toEqual(refused("claim_malformed", `${name} is not an integer`));
  });

  // attack 47, 48, 49
  it.each<{ token: string; change: Change; answer: object }>([
    {
      token: "exp at the tolerance",
      change: { exp: seconds(-30), iat: seconds(-60) },
      answer: refused("token_expired"),
    },
    { token: "exp below zero", change: { exp: new JsonNumber("-1") }, answer: refused("token_expired") },
    {
      token: "iat one second past the tolerance",
      change: { iat: seconds(31) },
      answer: refused("token_not_yet_valid", "iat"),
    },
    {
      token: "nbf one second past the tolerance",
      change: { nbf: seconds(31) },
      answer: refused("token_not_yet_valid", "nbf"),
    },
    {
      token: "exp at iat",
      change: { exp: seconds(-10) },
      answer: refused("claim_malformed", "exp is not after iat"),
    },
    {
      token: "exp before iat",
      change: { exp: seconds(-11) },
      answer: refused("claim_malformed", "exp is not after iat"),
    },
    {
      token: "a life one second too long",
      change: { exp: seconds(3591) },
      answer: refused("token_lifetime_too_long", "over 3600 s"),
    },
    {
      token: "iat two hours old",
      change: { iat: seconds(-7200) },
      answer: refused("token_lifetime_too_long", "over 3600 s"),
    },
    {
      token: "a life of a century",
      change: { exp: seconds(3_155_760_000) },
      answer: refused("token_lifetime_too_long", "over 3600 s"),
    },
  ])("refuses $token", ({ change, answer }) => {
    expect(check(change)).toEqual(answer);
  });
});

describe("the audience of an identity token", () => {
  it.each<{ aud: JsonValue }>([{ aud: PUBLIC_URL }, { aud: SECOND_AUDIENCE }, { aud: [PUBLIC_URL] }])(
    "is taken: $aud",
    ({ aud }) => {
      expect(check({ aud })).toEqual(taken(-10, 600));
    },
  );

  // attack 43, 44, 45
  it.each<{ form: string; aud: JsonValue | undefined }>([
    { form: "absent", aud: undefined },
    { form: "null", aud: null },
    { form: "empty", aud: "" },
    { form: "an empty list", aud: [] },
    { form: "another's", aud: "sts.amazonaws.com" },
    { form: "another's in a list", aud: ["sts.amazonaws.com"] },
    { form: "ours and another's", aud: [PUBLIC_URL, "sts.amazonaws.com"] },
    { form: "both of ours", aud: [PUBLIC_URL, SECOND_AUDIENCE] },
    { form: "ours twice", aud: [PUBLIC_URL, PUBLIC_URL] },
    { form: "a list in a list", aud: [[PUBLIC_URL]] },
    { form: "ours with a slash", aud: `${PUBLIC_URL}/` },
    { form: "ours with more", aud: `${PUBLIC_URL}.evil.example` },
    { form: "a beginning of ours", aud: PUBLIC_URL.slice(0, -1) },
    { form: "ours in capitals", aud: PUBLIC_URL.toUpperCase() },
    { form: "a number", aud: new JsonNumber("1") },
    { form: "a number in a list", aud: [new JsonNumber("1")] },
    { form: "an object", aud: new Map([["0", PUBLIC_URL]]) },
  ])("is refused: $form", ({ aud }) => {
    expect(check({ aud })).toEqual(refused("audience_mismatch"));
  });
});

describe("several faults", () => {
  it.each<{ first: string; change: Change; answer: object }>([
    {
      first: "the time",
      change: { exp: seconds(-30), iat: seconds(-60), aud: "berth2", sub: "" },
      answer: refused("token_expired"),
    },
    { first: "the audience", change: { aud: "berth2", sub: "" }, answer: refused("audience_mismatch") },
    { first: "the subject", change: { sub: "", jti: "" }, answer: refused("claim_malformed", "sub") },
  ])("are told by the first of them, here $first", ({ change, answer }) => {
    expect(check(change)).toEqual(answer);
  });
});

describe("the identifiers of an identity token", () => {
  const textForms: { form: string; value: JsonValue }[] = [
    { form: "empty", value: "" },
    { form: "null", value: null },
    { form: "a number", value: new JsonNumber("1") },
    { form: "a list", value: ["a"] },
    { form: "with NUL", value: "a\0b" },
    { form: "with a line feed before", value: "\na" },
    { form: "with a line feed", value: "a\nb" },
    { form: "with the last control character", value: "a\u001f" },
    { form: "with DEL", value: "a\u007f" },
  ];

  it.each<{ form: string; change: Change }>([
    { form: "a space and a tilde, the ends of what prints", change: { sub: " ~" } },
    { form: "letters beyond ASCII", change: { sub: "repo:acme/é" } },
    { form: "a sub of 2048 characters", change: { sub: "s".repeat(2048) } },
    { form: "a jti of 256 characters", change: { jti: "j".repeat(256) } },
    { form: "a jti with a colon", change: { jti: "a:b" } },
  ])("are taken: $form", ({ change }) => {
    expect(check(change)).toEqual(taken(-10, 600));
  });

  it.each([
    { form: "absent", value: undefined },
    { form: "of 2049 characters", value: "s".repeat(2049) },
    ...textForms,
  ])("refuses a sub that is $form", ({ value }) => {
    expect(check({ sub: value })).toEqual(refused("claim_malformed", "sub"));
  });

  it.each(
    [{ form: "of 257 characters", value: "j".repeat(257) }, ...textForms].flatMap((row) =>
      (["jti", "once", "reusable"] as const).map((replay) => ({ ...row, replay })),
    ),
  )("refuses a jti that is $form, under $replay", ({ value, replay }) => {
    expect(check({ jti: value }, replay)).toEqual(refused("claim_malformed", "jti"));
  });

  it.each([
    { replay: "jti", answer: refused("claim_malformed", "jti is required of this issuer") },
    { replay: "once", answer: taken(-10, 600) },
    { replay: "reusable", answer: taken(-10, 600) },
  ] as const)("answers a token without jti, under $replay", ({ replay, answer }) => {
    expect(check({ jti: undefined }, replay)).toEqual(answer);
  });
});
