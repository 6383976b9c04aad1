import type { Redis } from "ioredis";

/** A command as it is sent. Numbers go as their digits. */
export type RedisCommand = readonly [name: string, ...args: (string | number)[]];

/**
 * `client` with ASKING before each command: while a slot moves, its new node takes a command only so. The two are
 * put on the connection together, since nothing else may come between.
 */
export function asking(client: Redis): Redis {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: readonly unknown[]) => {
        // Its own failure shows in the command that follows.
        target.asking().catch(() => undefined);
        return Reflect.apply(member, target, args);
      };
    },
  });
}
