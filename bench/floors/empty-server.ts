/** The floor of a start: a Hono app with one route and nothing else. */
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { announce } from "./floor.ts";

const app = new Hono().get("/", (c) => c.json({ ok: true }));
announce(createServer(getRequestListener(app.fetch)));
