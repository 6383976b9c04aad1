/** The stack floor of an exchange on Redis: one `SET … NX` a request, pipelined as Berth's commands are. */
import { Redis } from "ioredis";
import { serveExchangeFloor } from "./exchange-app.ts";

const redis = new Redis(process.env.BENCH_REDIS_URL ?? "", { enableAutoPipelining: true });
await serveExchangeFloor(async (hash) => {
  if ((await redis.set(`floor:${hash}`, "", "PX", 600_000, "NX")) !== "OK") throw new Error("used");
});
