/** The stack floor of a registry token: a Hono route that reads the Basic header, checks one hash, and signs one ES256 JWT with jose. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { generateKeyPair, SignJWT } from "jose";
import { announce } from "./floor.ts";

const { privateKey } = await generateKeyPair("ES256");

const app = new Hono().get("/v2/auth", async (c) => {
  const basic = Buffer.from(
    (c.req.header("authorization") ?? "").slice("Basic ".length),
    "base64",
  ).toString();
  const hash = createHash("sha256").update(basic).digest("hex");
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({
    access: [{ type: "repository", name: "acme/app", actions: ["pull", "push"] }],
  })
    .setProtectedHeader({ alg: "ES256", typ: "JWT" })
    .setSubject(hash)
    .setIssuedAt(now)
    .setExpirationTime(now + 300)
    .sign(privateKey);
  return c.json({ token, access_token: token, expires_in: 300 });
});
announce(createServer(getRequestListener(app.fetch)));
