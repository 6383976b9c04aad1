import { createPrivateKey, createPublicKey } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { expect, it } from "vitest";
import { decodeBase64url } from "../../domain/identity/base64url.ts";
import { generateKeyPair, P256 } from "./key-pair.ts";

async function draw() {
  const pair = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { pair, x, y };
}

async function drawWithLeadingZero(coordinate: "x" | "y") {
  for (;;) {
    const drawn = await draw();
    if (decodeBase64url(drawn[coordinate])?.[0] === 0) return drawn;
  }
}

async function drawGood() {
  for (;;) {
    const drawn = await draw();
    if (decodeBase64url(drawn.x)?.[0] !== 0 && decodeBase64url(drawn.y)?.[0] !== 0) return drawn;
  }
}

it("throws away pairs with a leading zero in x or y, of which distribution 3.1 reckons another key id", async () => {
  const good = await drawGood();
  const drawn = [await drawWithLeadingZero("x"), await drawWithLeadingZero("y"), good];
  const { publicJwk } = await generateKeyPair(async () => (drawn.shift() ?? good).pair);
  expect({ x: publicJwk.x, y: publicJwk.y }).toEqual({ x: good.x, y: good.y });
  expect(drawn).toEqual([]);
});

it("has the RFC 7638 thumbprint as its key id, and halves that belong together", async () => {
  const { publicJwk, pkcs8 } = await generateKeyPair();
  const { kid, ...jwk } = publicJwk;
  expect(kid).toBe(await calculateJwkThumbprint(jwk, "sha256"));
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  expect(createPublicKey(privateKey).export({ format: "jwk" })).toEqual(jwk);
});
