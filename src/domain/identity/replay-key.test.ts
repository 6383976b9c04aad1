import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { anIssuer, ISSUER_URL } from "../../../test/support/baseline.ts";
import { asVerifiedClaims } from "./claims.ts";
import type { ReplayPolicy } from "./issuer.ts";
import { MARK_MARGIN_SECONDS, replayKey } from "./replay-key.ts";
import { JsonNumber, type JsonValue } from "./strict-json.ts";

const SIGNED = "aGVhZGVy.cGF5bG9hZA";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function keyOf(
  members: Record<string, JsonValue>,
  change: { url?: string; replay?: ReplayPolicy; signed?: string } = {},
) {
  const { signed = SIGNED, ...issuer } = change;
  return replayKey(anIssuer(issuer), asVerifiedClaims(new Map(Object.entries(members))), signed);
}

describe("replayKey", () => {
  const byJti = sha256(`${ISSUER_URL}\0jtoken-1`);
  const byText = sha256(`${ISSUER_URL}\0h${sha256(SIGNED)}`);
  it.each<{ token: string; replay: ReplayPolicy; claims: Record<string, JsonValue>; key: string }>([
    { token: "a jti", replay: "jti", claims: { jti: "token-1" }, key: byJti },
    { token: "a jti", replay: "once", claims: { jti: "token-1" }, key: byJti },
    { token: "a jti", replay: "reusable", claims: { jti: "token-1" }, key: byText },
    { token: "no jti", replay: "once", claims: {}, key: byText },
    { token: "no jti", replay: "reusable", claims: {}, key: byText },
    { token: "a jti that is a number", replay: "once", claims: { jti: new JsonNumber("1") }, key: byText },
  ])("of $token under $replay", async ({ replay, claims, key }) => {
    await expect(keyOf(claims, { replay })).resolves.toBe(key);
  });

  it("is the same whatever else the token says, if its jti is the same", async () => {
    const first = await keyOf({ jti: "token-1", sub: "a" });
    await expect(keyOf({ jti: "token-1", sub: "b" }, { signed: "b3RoZXI.dGV4dA" })).resolves.toBe(first);
  });

  // attack 3
  it.each([
    { where: "another issuer", issuer: { url: "https://other.example.com" } },
    { where: "an issuer with a slash more", issuer: { url: `${ISSUER_URL}/` } },
  ])("is another one under $where", async ({ issuer }) => {
    await expect(keyOf({ jti: "token-1" }, issuer)).resolves.not.toBe(await keyOf({ jti: "token-1" }));
  });

  // attack 6
  it("keeps issuer and jti apart", async () => {
    const left = await keyOf({ jti: "b:c" }, { url: "https://a" });
    await expect(keyOf({ jti: "c" }, { url: "https://a:b" })).resolves.not.toBe(left);
  });

  it("cannot be chosen by a jti that is another token's hash", async () => {
    const victim = await keyOf({});
    await expect(keyOf({ jti: sha256(SIGNED) })).resolves.not.toBe(victim);
    await expect(keyOf({ jti: `h${sha256(SIGNED)}` })).resolves.not.toBe(victim);
  });

  it("differs with the signed text where there is no jti", async () => {
    await expect(keyOf({}, { signed: `${SIGNED}A` })).resolves.not.toBe(await keyOf({}));
  });
});

// attack 5
it("keeps a mark two minutes longer than the token could verify", () => {
  expect(MARK_MARGIN_SECONDS).toBe(120);
});
