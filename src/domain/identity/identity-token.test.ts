import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64url } from "./base64url.ts";
import {
  MAX_IDENTITY_TOKEN_BYTES,
  MAX_IDENTITY_TOKEN_BYTES_IN_HEADER,
  parseIdentityToken,
} from "./identity-token.ts";

const part = (json: string) => encodeBase64url(new TextEncoder().encode(json));

const HEADER = part('{"alg":"ES256","kid":"k1"}');
const PAYLOAD = part('{"iss":"https://issuer.example.com","sub":"a"}');
const SIGNATURE = encodeBase64url(new Uint8Array(64).fill(7));
const TOKEN = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;

const parse = (text: string) => parseIdentityToken(text, MAX_IDENTITY_TOKEN_BYTES);

describe("parseIdentityToken", () => {
  it("cuts a compact JWS to shape", () => {
    expect(parse(TOKEN)).toEqual({
      ok: true,
      value: {
        compact: TOKEN,
        header: new Map([
          ["alg", "ES256"],
          ["kid", "k1"],
        ]),
        unverifiedPayload: new Map([
          ["iss", "https://issuer.example.com"],
          ["sub", "a"],
        ]),
        signingInput: `${HEADER}.${PAYLOAD}`,
      },
    });
  });

  const PARTS = "not three non-empty parts";
  const NO_HEADER = "header is not a JSON object";
  const NO_PAYLOAD = "payload is not a JSON object";
  const NO_SIGNATURE = "signature is not base64url";
  it.each([
    { change: "empty", text: "", detail: PARTS },
    { change: "one part", text: HEADER, detail: PARTS },
    { change: "two parts", text: `${HEADER}.${PAYLOAD}`, detail: PARTS },
    { change: "four parts", text: `${TOKEN}.${SIGNATURE}`, detail: PARTS },
    { change: "an empty fourth part", text: `${TOKEN}.`, detail: PARTS },
    { change: "five parts, which is a JWE", text: `${HEADER}.${PAYLOAD}.a.b.c`, detail: PARTS },
    { change: "an empty header", text: `.${PAYLOAD}.${SIGNATURE}`, detail: PARTS },
    { change: "an empty payload, which is a detached one", text: `${HEADER}..${SIGNATURE}`, detail: PARTS },
    { change: "an empty signature, which is `none`", text: `${HEADER}.${PAYLOAD}.`, detail: PARTS },
    { change: "the JSON serialisation", text: '{"payload":"a","signature":"b"}', detail: PARTS },
    { change: "a line feed after the signature", text: `${TOKEN}\n`, detail: NO_SIGNATURE },
    { change: "padding after the signature", text: `${TOKEN}==`, detail: NO_SIGNATURE },
    { change: "spare bits in the signature", text: `${TOKEN.slice(0, -1)}x`, detail: NO_SIGNATURE },
    { change: "a space before the header", text: ` ${TOKEN}`, detail: NO_HEADER },
    { change: "padding after the header", text: TOKEN.replace(".", "=."), detail: NO_HEADER },
    { change: "a header that is a list", text: `${part("[]")}.${PAYLOAD}.${SIGNATURE}`, detail: NO_HEADER },
    { change: "a header that is no JSON", text: `${part("a")}.${PAYLOAD}.${SIGNATURE}`, detail: NO_HEADER },
    {
      change: "a header with `alg` twice",
      text: `${part('{"alg":"ES256","alg":"none"}')}.${PAYLOAD}.${SIGNATURE}`,
      detail: NO_HEADER,
    },
    { change: "padding after the payload", text: `${HEADER}.${PAYLOAD}=.${SIGNATURE}`, detail: NO_PAYLOAD },
    {
      change: "a payload that is a string",
      text: `${HEADER}.${part('"a"')}.${SIGNATURE}`,
      detail: NO_PAYLOAD,
    },
    {
      change: "a payload with `sub` twice",
      text: `${HEADER}.${part('{"sub":"a","sub":"b"}')}.${SIGNATURE}`,
      detail: NO_PAYLOAD,
    },
    {
      change: "a payload that is not UTF-8",
      text: `${HEADER}.${encodeBase64url(Uint8Array.of(0x22, 0xff, 0x22))}.${SIGNATURE}`,
      detail: NO_PAYLOAD,
    },
  ])("refuses $change", ({ text, detail }) => {
    expect(parse(text)).toEqual({ ok: false, error: { reason: "token_malformed", detail } });
  });

  it("is bounded to 16 KiB, and to 5 KiB in a header", () => {
    expect([MAX_IDENTITY_TOKEN_BYTES, MAX_IDENTITY_TOKEN_BYTES_IN_HEADER]).toEqual([16_384, 5_120]);
  });

  it("takes a token of the bound's length, and none of one more", () => {
    expect(parseIdentityToken(TOKEN, TOKEN.length)).toMatchObject({ ok: true });
    expect(parseIdentityToken(TOKEN, TOKEN.length - 1)).toEqual({
      ok: false,
      error: { reason: "token_too_large", detail: `over ${TOKEN.length - 1} bytes` },
    });
  });

  // attack 20
  it("refuses ten million dots by their number, before it splits them (GHSA-f83f-xpx7-ffpw)", () => {
    expect(parse(".".repeat(10_000_000))).toEqual({
      ok: false,
      error: { reason: "token_too_large", detail: "over 16384 bytes" },
    });
  });

  it("knows no second text of the same header, payload and signature", () => {
    const digits = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", "=", " ", "\n"];
    // Most of all at the ends of the parts, where base64url has bits to spare.
    const ends = [HEADER.length, HEADER.length + 1 + PAYLOAD.length, TOKEN.length];
    const edit = fc.record({
      at: fc.oneof(fc.constantFrom(...ends), fc.nat(TOKEN.length)),
      cut: fc.constantFrom(0, 1),
      added: fc.string({ unit: fc.constantFrom(...digits), maxLength: 2 }),
    });
    const lenient = (text: string) =>
      text.split(".").map((each) => Buffer.from(each, "base64url").toString("hex"));
    return fc.assert(
      fc.property(edit, ({ at, cut, added }) => {
        const text = TOKEN.slice(0, Math.max(0, at - cut)) + added + TOKEN.slice(at);
        fc.pre(text !== TOKEN && lenient(text).join() === lenient(TOKEN).join());
        expect(parse(text)).toMatchObject({ ok: false, error: { reason: "token_malformed" } });
      }),
      { numRuns: 500, maxSkipsPerRun: 100 },
    );
  });

  it("keeps what was signed as it was spelt", () => {
    return fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (claims) => {
        const payload = part(JSON.stringify(claims));
        expect(parse(`${HEADER}.${payload}.${SIGNATURE}`)).toMatchObject({
          ok: true,
          value: { signingInput: `${HEADER}.${payload}`, unverifiedPayload: new Map(Object.entries(claims)) },
        });
      }),
    );
  });

  it("never throws", () => {
    const dotted = fc.array(fc.oneof(fc.string(), fc.json().map(part)), { maxLength: 4 });
    return fc.assert(fc.property(dotted, (parts) => typeof parse(parts.join(".")).ok === "boolean"));
  });
});
