import type { Redis } from "ioredis";
import { UnavailableError } from "../../usecases/ports.ts";
import { within } from "../runtime/deadline.ts";
import { ClusterTopology } from "./cluster-topology.ts";
import type { RedisCommand } from "./command.ts";
import { asUnavailable, LostAnswerError, redirectOf, replyCode } from "./fault.ts";
import { Notices } from "./notices.ts";
import { type ConnectionOptions, deadlineOf, NO_DURABILITY } from "./options.ts";
import type { RedisNode } from "./redis-node.ts";
import type { Script, ScriptArgument } from "./script.ts";
import type { IntendedUse } from "./server-check.ts";
import type { ServerInfo } from "./server-info.ts";
import { SingleTopology } from "./single-topology.ts";
import type { Topology } from "./topology.ts";

/** Between two tries of a command on a slot that is being moved. */
const MOVING_SLOT_MS = 25;

/** Connects in the background and for as long as it takes; `whenReady` waits for it. */
export function connectRedis(options: ConnectionOptions): RedisConnection {
  if (/[{}]/.test(options.keyPrefix)) throw new RangeError("a key prefix holds neither { nor }");
  return new RedisConnection(options);
}

/**
 * What is sent to a node; `isAsking` where a slot is on its way there. Nothing is sent behind the deadline, by
 * `performance.now()`: the caller was told that it failed.
 */
type Use<T> = (node: RedisNode, isAsking: boolean, deadline: number) => Promise<T>;
interface Place {
  readonly node: RedisNode;
  readonly isAsking: boolean;
}

/**
 * What a process has of its Redis: one server, or the primaries of a cluster. Every call names a key, and goes to the
 * server that has it; it ends within the deadline, and every failure is an UnavailableError. While there is no
 * connection a call fails at once: waiting would only pile up requests.
 */
export class RedisConnection {
  readonly keyPrefix: string;
  readonly use: IntendedUse;
  readonly #topology: Topology;
  readonly #deadlineMs: number;
  readonly #waiting = new Set<() => void>();

  constructor(options: ConnectionOptions) {
    this.keyPrefix = options.keyPrefix;
    this.use = { ...(options.durability ?? NO_DURABILITY), isCluster: options.topology === "cluster" };
    this.#deadlineMs = deadlineOf(options);
    const notices = new Notices(this.use, options.onNotice);
    const onChange = () => {
      for (const look of this.#waiting) look();
      notices.look(this.#topology);
    };
    this.#topology =
      options.topology === "cluster"
        ? new ClusterTopology(options, onChange)
        : new SingleTopology(options, onChange);
  }

  /** Resolves when every key has a server that can be used; throws UnavailableError when it is not so by then. */
  async whenReady(withinMs = this.#deadlineMs): Promise<void> {
    await this.#when(() => this.#topology.fault() === undefined, withinMs);
  }

  /** What is known of the servers, once each has told of itself; throws UnavailableError when one has not by then. */
  async whenSeen(): Promise<readonly ServerInfo[]> {
    const seen = () => this.#topology.nodes().flatMap(({ info }) => (info === undefined ? [] : [info]));
    const isWhole = () => seen().length > 0 && seen().length === this.#topology.nodes().length;
    await this.#when(isWhole, this.#deadlineMs);
    return seen();
  }

  /**
   * Commands that are sent in one turn of the event loop travel together. All that `command` sends is on keys of
   * the slot of `key`; where the slot has moved it is called again.
   */
  send<T>(key: string, command: (client: Redis) => Promise<T>): Promise<T> {
    return this.#attempt(key, (node, isAsking) => node.send(command, isAsking), this.#deadlineMs);
  }

  /** On the slot of the first key. */
  run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    const use: Use<unknown> = (node, isAsking, deadline) =>
      script.run((command) => inTime(deadline) ?? node.call(command, isAsking), keys, args);
    return this.#attempt(keys[0] ?? "", use, this.#deadlineMs);
  }

  /** A command of one key, answered when as many replicas and disks have it as the settings ask. */
  write(...command: RedisCommand): Promise<unknown> {
    const key = String(command[1]);
    const use: Use<unknown> = (node, isAsking, deadline) =>
      node.write(command, touchedKey(key), isAsking, deadline);
    return this.#attempt(key, use, this.#deadlineMs);
  }

  /** A script, answered likewise. One that wrote nothing waits for what it found. */
  runDurably(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.#attempt(keys[0] ?? "", durably(script, keys, args), this.#deadlineMs);
  }

  /**
   * The same with a script that gives the same answer when it is sent again: a lost answer is asked for once more,
   * over a new connection, until the deadline. What was never sent is not tried again.
   */
  async runUntilAnswered(
    script: Script,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    const deadline = performance.now() + this.#deadlineMs;
    const key = keys[0] ?? "";
    for (;;) {
      try {
        return await this.#attempt(key, durably(script, keys, args), deadline - performance.now());
      } catch (fault) {
        if (!(fault instanceof LostAnswerError) || performance.now() >= deadline) throw fault;
      }
      await this.#when(() => this.#isUsable(key), deadline - performance.now());
    }
  }

  /** One of the keys for each server that has any of them. */
  onePerNode(keys: readonly string[]): readonly string[] {
    return [...new Map(keys.map((key) => [this.#topology.nodeOf(key), key])).values()];
  }

  /** Ends the connection; calls after it fail. */
  close(): void {
    this.#topology.close();
  }

  async #attempt<T>(key: string, use: Use<T>, withinMs: number): Promise<T> {
    const deadline = performance.now() + withinMs;
    try {
      return await within(
        this.#follow(key, use, deadline),
        withinMs,
        () => new LostAnswerError("Redis is too slow"),
      );
    } catch (fault) {
      throw asUnavailable(fault);
    }
  }

  /** Goes where the servers send it. */
  async #follow<T>(key: string, use: Use<T>, deadline: number): Promise<T> {
    let place: Place = { node: this.#topology.nodeOf(key), isAsking: false };
    for (;;) {
      try {
        return await use(place.node, place.isAsking, deadline);
      } catch (fault) {
        place = await this.#nextPlace(place, fault);
      }
      const { node } = place;
      await this.#when(() => node.fault === undefined, deadline - performance.now());
    }
  }

  /** Where to try again after `fault`, which is thrown where that would not help. */
  async #nextPlace(place: Place, fault: unknown): Promise<Place> {
    const redirect = redirectOf(fault);
    const node = redirect && this.#topology.redirected(redirect);
    if (node !== undefined) return { node, isAsking: redirect?.kind === "ASK" };
    const code = replyCode(fault);
    if (code === "CLUSTERDOWN") this.#topology.refresh();
    if (code !== "TRYAGAIN") throw fault;
    // Some of the keys have moved, and some have not.
    await elapsed(MOVING_SLOT_MS);
    return place;
  }

  #isUsable(key: string): boolean {
    try {
      return this.#topology.nodeOf(key).fault === undefined;
    } catch (fault) {
      if (fault instanceof UnavailableError) return false;
      throw fault;
    }
  }

  /** Looks at `isSo` whenever something changed; throws UnavailableError when it is not so in time. */
  async #when(isSo: () => boolean, withinMs: number): Promise<void> {
    if (withinMs > 0 && isSo()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (isSo()) resolve();
    };
    this.#waiting.add(look);
    try {
      await within(promise, withinMs, () => this.#unusable());
    } finally {
      this.#waiting.delete(look);
    }
  }

  #unusable(): UnavailableError {
    return new UnavailableError(`Redis cannot be used: ${this.#topology.fault() ?? "too slow"}`);
  }
}

function durably(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Use<unknown> {
  const touched = touchedKey(keys[0] ?? "");
  return (node, isAsking, deadline) =>
    script.run((command) => inTime(deadline) ?? node.write(command, touched, isAsking, deadline), keys, args);
}

/** A script that a server did not know is sent once more, and that may be too late. */
function inTime(deadline: number): Promise<never> | undefined {
  if (performance.now() < deadline) return undefined;
  return Promise.reject(new UnavailableError("Redis is too slow"));
}

/** A key in the slot of `key` that holds nothing: durable-writer.ts writes it. */
function touchedKey(key: string): string {
  return `${key.slice(0, key.indexOf("}") + 1)}:touched`;
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
