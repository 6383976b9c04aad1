/** The stack floor of an exchange: a Hono route, the same form, jose, one insert with `synchronous=FULL`. No rules, no robots. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { importJWK, jwtVerify } from "jose";
import { announce } from "./floor.ts";

const key = await importJWK(JSON.parse(process.env.BENCH_JWK ?? "{}"), "RS256");
const database = new DatabaseSync(process.env.BENCH_FILE ?? "");
database.exec(
  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE used (id TEXT PRIMARY KEY, at INTEGER)",
);
const insert = database.prepare("INSERT INTO used VALUES (?, ?)");

const app = new Hono().post("/oauth2/token", async (c) => {
  const form = new URLSearchParams(await c.req.text());
  const { payload } = await jwtVerify(form.get("subject_token") ?? "", key, { algorithms: ["RS256"] });
  insert.run(createHash("sha256").update(String(payload.jti)).digest("hex"), Date.now());
  return c.json({ ok: true });
});
announce(createServer(getRequestListener(app.fetch)));
