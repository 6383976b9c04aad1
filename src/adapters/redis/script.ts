import { createHash } from "node:crypto";
import type { RedisCommand } from "./command.ts";
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

  /** By its hash; whole where that server does not know it, which is after a start, a failover or SCRIPT FLUSH. */
  async run(
    send: (command: RedisCommand) => Promise<unknown>,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    try {
      return await send(["EVALSHA", this.#sha, keys.length, ...keys, ...args]);
    } catch (fault) {
      if (replyCode(fault) !== "NOSCRIPT") throw fault;
      return send(["EVAL", this.#lua, keys.length, ...keys, ...args]);
    }
  }
}
