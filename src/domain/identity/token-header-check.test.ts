import { describe, expect, it } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { ALGORITHMS } from "./issuer.ts";
import { JsonNumber, type JsonValue } from "./strict-json.ts";
import { checkTokenHeader } from "./token-header-check.ts";

const issuer = anIssuer({ algorithms: ["RS256", "ES256"] });

/** The baseline header with one change; undefined takes a parameter away. */
function check(change: Record<string, JsonValue | undefined>) {
  const header = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries({ alg: "ES256", typ: "JWT", kid: "k1", ...change })) {
    if (value !== undefined) header.set(name, value);
  }
  return checkTokenHeader(header, issuer);
}

describe("checkTokenHeader", () => {
  it.each<{
    header: string;
    change: Record<string, JsonValue | undefined>;
    algorithm?: string;
    keyId?: string;
  }>([
    { header: "the baseline", change: {} },
    { header: "another algorithm of the issuer's", change: { alg: "RS256" }, algorithm: "RS256" },
    { header: "no typ", change: { typ: undefined } },
    { header: "typ in small letters", change: { typ: "jwt" } },
    { header: "a kid of 256 characters", change: { kid: "k".repeat(256) }, keyId: "k".repeat(256) },
    { header: "a kid with the name of a method", change: { kid: "constructor" }, keyId: "constructor" },
    { header: "a parameter that nobody knows", change: { "x-trace": "1" } },
    { header: "x5t, which only names a key", change: { x5t: "abc" } },
  ])("takes $header", ({ change, algorithm = "ES256", keyId = "k1" }) => {
    expect(check(change)).toEqual({ ok: true, value: { algorithm, keyId } });
  });

  it("leaves the key id open where the header has none", () => {
    expect(check({ kid: undefined })).toEqual({ ok: true, value: { algorithm: "ES256", keyId: undefined } });
  });

  // attack 16, 17, 18, 19, 25
  it.each<{ change: Record<string, JsonValue>; detail: string }>([
    { change: { crit: ["exp"] }, detail: "crit" },
    { change: { crit: [] }, detail: "crit" },
    { change: { jwk: new Map() }, detail: "jwk" },
    { change: { jwk: null }, detail: "jwk" },
    { change: { jku: "https://evil.example/jwks" }, detail: "jku" },
    { change: { x5u: "https://evil.example/x5u" }, detail: "x5u" },
    { change: { x5c: ["MIIB"] }, detail: "x5c" },
    { change: { zip: "DEF" }, detail: "zip" },
    { change: { b64: false }, detail: "b64" },
    { change: { typ: "at+jwt" }, detail: "typ" },
    { change: { typ: "logout+jwt" }, detail: "typ" },
    { change: { typ: "" }, detail: "typ" },
    { change: { typ: null }, detail: "typ" },
    { change: { typ: ["JWT"] }, detail: "typ" },
    { change: { kid: "" }, detail: "kid" },
    { change: { kid: "k".repeat(257) }, detail: "kid" },
    { change: { kid: null }, detail: "kid" },
    { change: { kid: new JsonNumber("1") }, detail: "kid" },
    { change: { kid: ["k1"] }, detail: "kid" },
  ])("refuses $change by name", ({ change, detail }) => {
    expect(check(change)).toEqual({ ok: false, error: { reason: "header_refused", detail } });
  });

  // attack 11, 13
  it.each<{ alg: JsonValue | undefined }>([
    { alg: undefined },
    { alg: "none" },
    { alg: "None" },
    { alg: "HS256" },
    { alg: "RS512" },
    { alg: "es256" },
    { alg: "ES256 " },
    { alg: "" },
    { alg: null },
    { alg: ["ES256"] },
    { alg: new JsonNumber("0") },
  ])("refuses the algorithm $alg", ({ alg }) => {
    expect(check({ alg })).toEqual({ ok: false, error: { reason: "algorithm_refused" } });
  });

  it("knows no algorithm in which a public key could verify what it signed", () => {
    expect(ALGORITHMS.filter((name) => /^HS|^none$/i.test(name))).toEqual([]);
  });
});
