import { Hono } from "hono";
import { expect, it } from "vitest";
import type { AppEnv } from "../deps.ts";
import { noStore } from "./no-store.ts";

it("leaves the answer the one that the route gave: a new one would have its body a stream", async () => {
  const answers: Response[] = [];
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    await next();
    answers.push(c.res);
  });
  app.use(noStore);
  app.get("/", (c) => {
    const answer = c.json({});
    answers.push(answer);
    return answer;
  });
  const sent = await app.request("/");
  expect(answers[1]).toBe(answers[0]);
  expect(Object.fromEntries(sent.headers)).toEqual({
    "cache-control": "no-store",
    "content-type": "application/json",
    pragma: "no-cache",
    "x-content-type-options": "nosniff",
  });
});

it("leaves a public answer public", async () => {
  const app = new Hono<AppEnv>();
  app.use(noStore);
  app.get("/", (c) => c.body(null, 200, { "Cache-Control": "public, max-age=60" }));
  const { headers } = await app.request("/");
  expect(Object.fromEntries(headers)).toEqual({
    "cache-control": "public, max-age=60",
    "x-content-type-options": "nosniff",
  });
});
