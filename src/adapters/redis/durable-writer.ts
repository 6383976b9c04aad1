import type { ChainableCommander } from "ioredis";
import { UnavailableError } from "../../usecases/ports.ts";
import type { RedisCommand } from "./command.ts";
import type { NodeConnection } from "./node-connection.ts";
import type { Durability } from "./options.ts";

interface Waiting {
  readonly command: RedisCommand;
  /** Any key of the command's slot that holds nothing else. */
  readonly touchedKey: string;
  readonly isAsking: boolean;
  /** By `performance.now()`; after it the caller has been told that it failed. */
  readonly deadline: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: unknown) => void;
}

type Reply = readonly [fault: Error | null, answer?: unknown];

const MAX_BATCH = 256;
/** Writes that wait for those before them; beyond it they fail at once, since they would wait in vain. */
const MAX_WAITING = 4096;
const TOUCH_SECONDS = 60;

/**
 * Writes that are answered when as many replicas have them as were asked for, and disks where that is asked. It has
 * a connection of its own, since WAIT holds up all that is behind it; what comes meanwhile shares the next WAIT.
 *
 * WAIT speaks of the last write of its connection (since Redis 7.2; before, of its last command). A command that
 * found its work done, by another connection perhaps, writes nothing, and would be answered before the replicas have
 * what it found: so each batch writes something at its end.
 */
export class DurableWriter {
  readonly #connection: NodeConnection;
  readonly #wait: RedisCommand;
  readonly #needed: readonly number[];
  readonly #queue: Waiting[] = [];
  #isSending = false;

  /** @param withinMs How long the replicas and disks may take. */
  constructor(connection: NodeConnection, { waitReplicas, waitAof }: Durability, withinMs: number) {
    this.#connection = connection;
    this.#wait = waitAof ? ["WAITAOF", 1, waitReplicas, withinMs] : ["WAIT", waitReplicas, withinMs];
    this.#needed = waitAof ? [1, waitReplicas] : [waitReplicas];
  }

  /** @throws UnavailableError when too few have it in time: it stands, and may yet be lost; or it was never sent. */
  write(command: RedisCommand, touchedKey: string, isAsking: boolean, deadline: number): Promise<unknown> {
    if (this.#queue.length >= MAX_WAITING) return Promise.reject(tooSlow());
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#queue.push({ command, touchedKey, isAsking, deadline, resolve, reject });
    if (!this.#isSending) {
      this.#isSending = true;
      // What other requests write in this turn goes along.
      setImmediate(() => void this.#sendAll());
    }
    return promise;
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) await this.#send(this.#inTime(this.#queue.splice(0, MAX_BATCH)));
    this.#isSending = false;
  }

  /** What is left when those are gone whose callers wait no more. */
  #inTime(batch: readonly Waiting[]): readonly Waiting[] {
    const now = performance.now();
    for (const { deadline, reject } of batch) if (deadline <= now) reject(tooSlow());
    return batch.filter(({ deadline }) => deadline > now);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const pipeline = this.#connection.usable().pipeline();
      const places = batch.map((one) => append(pipeline, one));
      const touches = touchesOf(batch).map((touch) => append(pipeline, touch));
      pipeline.call(...this.#wait);
      const replies: readonly Reply[] = (await pipeline.exec()) ?? [];
      const isTouched = touches.some((at) => replies[at]?.[0] === null);
      const isKept = isTouched && this.#suffices(replies.at(-1));
      for (const [at, one] of batch.entries()) settle(one, replies[places[at] ?? -1], isKept);
    } catch (fault) {
      for (const { reject } of batch) reject(fault);
    }
  }

  #suffices(reply: Reply | undefined): boolean {
    if (reply === undefined || reply[0] !== null) return false;
    const reached = [reply[1]].flat().map(Number);
    return this.#needed.every((needed, at) => (reached[at] ?? 0) >= needed);
  }
}

/**
 * A write in each slot of the batch, at its end. One that succeeds is enough, since all of them stand behind every
 * command; that of a slot which is moving away is refused, and must not fail the others.
 */
function touchesOf(batch: readonly Waiting[]): readonly Pick<Waiting, "command" | "isAsking">[] {
  const slots = new Map(batch.map(({ touchedKey, isAsking }) => [touchedKey, isAsking]));
  return Array.from(slots, ([key, isAsking]) => ({
    command: ["SET", key, 1, "EX", TOUCH_SECONDS],
    isAsking,
  }));
}

function tooSlow(): UnavailableError {
  return new UnavailableError("Redis is too slow, and a write was not sent");
}

/** Returns the place of the command's reply. */
function append(pipeline: ChainableCommander, { command, isAsking }: Pick<Waiting, "command" | "isAsking">) {
  if (isAsking) pipeline.asking();
  pipeline.call(...command);
  return pipeline.length - 1;
}

function settle({ resolve, reject }: Waiting, reply: Reply | undefined, isKept: boolean): void {
  const [fault, answer] = reply ?? [new Error("no reply")];
  if (fault !== null) reject(fault);
  else if (isKept) resolve(answer);
  else reject(new UnavailableError("Redis has the write, and too few of its replicas or disks have it"));
}
