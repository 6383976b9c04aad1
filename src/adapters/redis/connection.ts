import { Redis } from "ioredis";
import { UnavailableError } from "../../usecases/ports.ts";
import { asUnavailable, connectionCode, LostAnswerError, replyCode } from "./fault.ts";
import { type ConnectionOptions, clientOptions, deadlineOf } from "./options.ts";
import type { Script, ScriptArgument } from "./script.ts";

/** Connects in the background and for as long as it takes; `whenReady` waits for it. */
export function connectRedis(options: ConnectionOptions): RedisConnection {
  if (/[{}]/.test(options.keyPrefix)) throw new RangeError("a key prefix holds neither { nor }");
  return new RedisConnection(new Redis(clientOptions(options)), options.keyPrefix, deadlineOf(options));
}

/**
 * The one connection of a process to its Redis. Every call ends within the deadline, and every failure is an
 * UnavailableError. While there is no connection a call fails at once: waiting would only pile up requests.
 */
export class RedisConnection {
  readonly keyPrefix: string;
  readonly #client: Redis;
  readonly #deadlineMs: number;
  readonly #waiting = new Set<() => void>();
  #usable = false;
  #fault = "not connected yet";

  constructor(client: Redis, keyPrefix: string, deadlineMs: number) {
    this.keyPrefix = keyPrefix;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    client.on("error", (fault: unknown) => {
      this.#fault = connectionCode(fault);
    });
    client.on("close", () => {
      this.#usable = false;
    });
    client.on("ready", () => void this.#admit());
  }

  /** Resolves when the connection can be used; throws UnavailableError when it is not by then. */
  async whenReady(withinMs = this.#deadlineMs): Promise<void> {
    if (this.#usable) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    try {
      await within(promise, withinMs, () => this.#notConnected());
    } finally {
      this.#waiting.delete(resolve);
    }
  }

  /** Commands that are sent in one turn of the event loop travel together. */
  send<T>(command: (client: Redis) => Promise<T>): Promise<T> {
    return this.#attempt(command, this.#deadlineMs);
  }

  run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.send((client) => script.run(client, keys, args));
  }

  /**
   * Runs a script that gives the same answer when it is sent again: a lost answer is asked for once more, over
   * a new connection, until the deadline. What was never sent is not tried again.
   */
  async runUntilAnswered(
    script: Script,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    const deadline = performance.now() + this.#deadlineMs;
    for (;;) {
      try {
        return await this.#attempt((client) => script.run(client, keys, args), deadline - performance.now());
      } catch (fault) {
        if (!(fault instanceof LostAnswerError) || performance.now() >= deadline) throw fault;
      }
      await this.whenReady(deadline - performance.now());
    }
  }

  /** Ends the connection; calls after it fail. */
  close(): void {
    this.#client.disconnect();
  }

  async #attempt<T>(command: (client: Redis) => Promise<T>, withinMs: number): Promise<T> {
    if (!this.#usable) throw this.#notConnected();
    try {
      return await within(command(this.#client), withinMs, () => new LostAnswerError("Redis is too slow"));
    } catch (fault) {
      // The primary has become a replica: whoever is the primary now, this connection is of no use.
      if (replyCode(fault) === "READONLY") this.#replace();
      throw fault instanceof UnavailableError ? fault : asUnavailable(fault);
    }
  }

  /** A replica is refused: it may not know yet that a credential was revoked. */
  async #admit(): Promise<void> {
    try {
      const role = await this.#client.info("replication");
      this.#usable = /^role:master\r?$/m.test(role);
      if (!this.#usable) this.#fault = "it is a replica";
    } catch (fault) {
      this.#fault = connectionCode(fault);
    }
    if (!this.#usable) return this.#replace();
    for (const resolve of this.#waiting) resolve();
  }

  /** At once, and not when the other side has closed as well: it may never do that. ioredis then connects anew. */
  #replace(): void {
    this.#usable = false;
    this.#client.stream.destroy();
  }

  #notConnected(): UnavailableError {
    return new UnavailableError(`Redis cannot be used: ${this.#fault}`);
  }
}

async function within<T>(answer: Promise<T>, milliseconds: number, onTime: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTime()), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
