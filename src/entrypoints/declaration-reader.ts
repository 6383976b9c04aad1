import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DeclarationReader, ReadDeclaration, SentFile } from "../http/management/declaration-reader.ts";
import type { KnownSystem } from "../usecases/management/known-system.ts";
import { UnavailableError } from "../usecases/ports.ts";
import { readSentDeclaration, type SentDeclaration } from "./read-sent-declaration.ts";

interface Limits {
  /** Up to so many characters it is read on the spot: starting a thread would take longer. */
  readonly smallLength?: number;
  readonly deadlineMs?: number;
  /** That are read and that wait. */
  readonly maxAtOnce?: number;
  readonly maxOfOne?: number;
}

/** Megabytes of YAML and thousands of rules take seconds, in which this process would answer nobody else. */
const SMALL_LENGTH = 64 * 1024;
const DEADLINE_MS = 20_000;
/** Each holds some megabytes. */
const MAX_AT_ONCE = 8;
/** One caller, whom reading scopes are enough for, must not keep all others from applying theirs. */
const MAX_OF_ONE = 2;
/** Of a thread; the largest declaration that a request may hold takes a third. */
const MAX_HEAP_MB = 768;

/** Reads small declarations on the spot, and large ones in a thread of their own, one after the other. */
export function createDeclarationReader(
  publicUrl: string,
  {
    smallLength = SMALL_LENGTH,
    deadlineMs = DEADLINE_MS,
    maxAtOnce = MAX_AT_ONCE,
    maxOfOne = MAX_OF_ONE,
  }: Limits = {},
): DeclarationReader {
  const waiting: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: async (files, { issuers, registries }: KnownSystem, actor) => {
      const sent = { files, known: { issuers, registries }, publicUrl };
      if (lengthOf(files) <= smallLength) return readSentDeclaration(sent);
      if (waiting.length >= maxAtOnce || countOf(waiting, actor) >= maxOfOne) {
        throw new UnavailableError("too many declarations are read at once");
      }
      waiting.push(actor);
      const turn = last.then(() => readInThread(sent, deadlineMs));
      last = turn
        .catch(() => undefined)
        .finally(() => {
          waiting.splice(waiting.indexOf(actor), 1);
        });
      return turn;
    },
  };
}

function countOf(actors: readonly string[], actor: string): number {
  return actors.filter((one) => one === actor).length;
}

function lengthOf(files: readonly SentFile[]): number {
  return files.reduce((total, { text }) => total + text.length, 0);
}

/** A thread that runs out of time or memory was given what nobody writes by hand. */
async function readInThread(sent: SentDeclaration, deadlineMs: number): Promise<ReadDeclaration> {
  const worker = new Worker(new URL("./declaration-worker.ts", import.meta.url), {
    workerData: sent,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    const [read] = await once(worker, "message", { signal: AbortSignal.timeout(deadlineMs) });
    return read as ReadDeclaration;
  } catch (fault) {
    const file = sent.files[0]?.name ?? "";
    const whole = (message: string) =>
      ({ ok: false, error: [{ file, line: 1, column: 1, path: "", message }] }) as const;
    if (codeOf(fault) === "ABORT_ERR")
      return whole(`takes more than ${deadlineMs / 1000} s to read; apply it in parts`);
    if (codeOf(fault) === "ERR_WORKER_OUT_OF_MEMORY")
      return whole("takes too much memory to read; apply it in parts");
    throw fault;
  } finally {
    await worker.terminate();
  }
}

function codeOf(fault: unknown): unknown {
  return fault instanceof Error && "code" in fault ? fault.code : undefined;
}
