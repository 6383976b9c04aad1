import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { replyCode } from "./fault.ts";

/** Numbers go as their digits. */
export type ScriptArgument = string | number;

/** A Lua script, which Redis runs as one atomic step. It stands in a `.ts` file so that a bundle carries it. */
export class Script {
  readonly #lua: string;
  readonly #sha: string;

  constructor(lua: string) {
    this.#lua = lua;
    this.#sha = createHash("sha1").update(lua).digest("hex");
  }

  /** By its hash; whole where Redis does not know it, which is after a start, a failover or SCRIPT FLUSH. */
  async run(client: Redis, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (fault) {
      if (replyCode(fault) !== "NOSCRIPT") throw fault;
      return client.eval(this.#lua, keys.length, ...keys, ...args);
    }
  }
}
