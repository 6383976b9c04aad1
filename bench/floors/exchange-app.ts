import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { importJWK, jwtVerify } from "jose";
import { announce } from "./floor.ts";

/**
 * The stack floor of an exchange: a Hono route, the same form, jose, the `jti`'s hash kept so that it counts once, on
 * disk before the answer. No rules, no robots, no credential, no audit event, no log.
 *
 * @param keep Resolves, or returns, when the hash is kept; fails for one that was.
 */
export async function serveExchangeFloor(keep: (hash: string) => unknown): Promise<void> {
  const key = await importJWK(JSON.parse(process.env.BENCH_JWK ?? "{}"), "RS256");
  const app = new Hono().post("/oauth2/token", async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const { payload } = await jwtVerify(form.get("subject_token") ?? "", key, { algorithms: ["RS256"] });
    await keep(createHash("sha256").update(String(payload.jti)).digest("hex"));
    return c.json({ ok: true });
  });
  announce(createServer(getRequestListener(app.fetch)));
}
