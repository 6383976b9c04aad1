import { SHARDS } from "../../domain/accounts/secret.ts";
import { within } from "../runtime/deadline.ts";
import { systemClock } from "../runtime/system-clock.ts";
import type { ObjectBinding, ObjectBindings } from "./bindings.ts";
import type { LedgerCalls } from "./ledger-calls.ts";
import type { NamespaceCalls } from "./namespace-calls.ts";
import { asUnavailable, LostCallError } from "./object-fault.ts";
import type { SystemCalls } from "./system-calls.ts";

/** Calls of one request that are under way together. */
const AT_ONCE = 64;
/** Before a call is made again; doubled each time, since an object that starts anew takes a moment. */
const FIRST_PAUSE_MS = 10;

export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

type Call<Calls, T> = (object: Calls) => Promise<T>;

/**
 * Calls of the store's objects: each ends within the deadline, and every failure is an UnavailableError. A stub is
 * made for each call, since one belongs to the request that made it, and is of no use once it has failed.
 */
export class ObjectCalls {
  readonly #bindings: ObjectBindings;
  readonly #prefix: string;
  readonly #deadlineMs: number;

  /** @param prefix What the names of all objects begin with. */
  constructor(bindings: ObjectBindings, prefix: string, deadlineMs: number) {
    this.#bindings = bindings;
    this.#prefix = prefix;
    this.#deadlineMs = deadlineMs;
  }

  system<T>(call: Call<SystemCalls, T>): Promise<T> {
    return this.#send(this.#bindings.SYSTEM, "system", call, this.#deadlineMs);
  }

  namespace<T>(name: string, call: Call<NamespaceCalls, T>): Promise<T> {
    return this.#send(this.#bindings.NAMESPACES, name, call, this.#deadlineMs);
  }

  shard<T>(shard: number, call: Call<LedgerCalls, T>): Promise<T> {
    return this.#send(this.#bindings.LEDGER, nameOfShard(shard), call, this.#deadlineMs);
  }

  /** For a call that gives the same answer when it is made again: a lost answer is asked for until the deadline. */
  systemUntilAnswered<T>(call: Call<SystemCalls, T>): Promise<T> {
    return this.#sendUntilAnswered(this.#bindings.SYSTEM, "system", call);
  }

  shardUntilAnswered<T>(shard: number, call: Call<LedgerCalls, T>): Promise<T> {
    return this.#sendUntilAnswered(this.#bindings.LEDGER, nameOfShard(shard), call);
  }

  /** Every name that a namespace has, is about to have, or had. */
  names(): Promise<readonly string[]> {
    return this.system((object) => object.listNames());
  }

  async #sendUntilAnswered<Calls, T>(
    binding: ObjectBinding<Calls>,
    name: string,
    call: Call<Calls, T>,
  ): Promise<T> {
    const deadline = performance.now() + this.#deadlineMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        return await this.#send(binding, name, call, deadline - performance.now());
      } catch (fault) {
        if (!(fault instanceof LostCallError) || performance.now() + pauseMs >= deadline) throw fault;
      }
      await systemClock.waitUntil(systemClock.now() + pauseMs);
    }
  }

  async #send<Calls, T>(
    binding: ObjectBinding<Calls>,
    name: string,
    call: Call<Calls, T>,
    withinMs: number,
  ): Promise<T> {
    try {
      const stub = binding.getByName(this.#prefix + name);
      return await within(call(stub), withinMs, () => new LostCallError("the object is too slow"));
    } catch (fault) {
      throw asUnavailable(fault);
    }
  }
}

/** The answers for `items`, in their order; so many are under way at once. */
export async function inTurns<Item, T>(
  items: readonly Item[],
  ask: (item: Item) => Promise<T>,
  atOnce = AT_ONCE,
): Promise<T[]> {
  const answers: T[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    answers.push(...(await Promise.all(items.slice(from, from + atOnce).map(ask))));
  }
  return answers;
}

function nameOfShard(shard: number): string {
  if (!ALL_SHARDS.includes(shard)) throw new RangeError(`there is no shard ${shard}`);
  return String(shard).padStart(2, "0");
}
