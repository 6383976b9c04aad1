import { type FileHandle, open, stat } from "node:fs/promises";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { type AuditSink, auditLine } from "./audit-sink.ts";

/** Events that wait for a slow disk, some ten megabytes; of those that come then, none is kept. */
const MAX_WAITING = 10_000;
/** How often it is looked whether the file was moved away. */
const CHECK_MS = 1000;
/** How often a loss is told of at the most. */
const TELL_MS = 60_000;
const LINE_FEED = 0x0a;

export interface FileSinkOptions {
  readonly path: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Told how many were lost since the start: at the first loss, then at most once a minute. */
  readonly onLoss: (lost: number) => void;
}

/**
 * Audit events as lines of a file that only its owner may read, unless it was there before. One that was moved or
 * removed is made anew within a second, so that logrotate needs neither a signal nor `copytruncate`.
 *
 * A batch that cannot be written is lost and counted, but for its lines that are whole in the file; the next batch
 * opens the file again. It is not synced to the disk: the store has every event.
 */
export class FileSink implements AuditSink {
  readonly #options: FileSinkOptions;
  #file: FileHandle | undefined;
  #checkedAt: number;
  #toldAt = Number.NEGATIVE_INFINITY;
  #waiting: string[] = [];
  #writing = false;
  #written: Promise<void> = Promise.resolve();
  #lost = 0;

  private constructor(options: FileSinkOptions, file: FileHandle) {
    this.#options = options;
    this.#file = file;
    this.#checkedAt = options.now();
  }

  /** Opens the file, or makes it. Throws the system's error when that cannot be. */
  static async open(options: FileSinkOptions): Promise<FileSink> {
    return new FileSink(options, await openForLines(options.path));
  }

  get lost(): number {
    return this.#lost;
  }

  write(events: readonly AuditEvent[]): void {
    const taken = events.slice(0, MAX_WAITING - this.#waiting.length);
    this.#waiting.push(...taken.map(auditLine));
    this.#lose(events.length - taken.length);
    if (this.#writing) return;
    this.#writing = true;
    this.#written = this.#writeAll();
  }

  async close(): Promise<void> {
    await this.#written;
    await this.#closeFile();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#writeBatch(this.#waiting.splice(0));
    this.#writing = false;
  }

  async #writeBatch(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.join(""));
    let done = 0;
    try {
      const file = await this.#currentFile();
      while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten;
    } catch {
      await this.#closeFile();
      this.#lose(lines.length - linesIn(bytes.subarray(0, done)));
    }
  }

  async #currentFile(): Promise<FileHandle> {
    const now = this.#options.now();
    if (this.#file !== undefined && now - this.#checkedAt >= CHECK_MS) {
      this.#checkedAt = now;
      if (await wasMoved(this.#file, this.#options.path)) await this.#closeFile();
    }
    this.#file ??= await openForLines(this.#options.path);
    return this.#file;
  }

  /** A fault of closing is one of writing that was told late, by network file systems; what is lost is not known. */
  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #lose(count: number): void {
    if (count === 0) return;
    this.#lost += count;
    const now = this.#options.now();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#options.onLoss(this.#lost);
  }
}

/** Ends a line that a full disk or a crash has cut off, so that the next one stands for itself. */
async function openForLines(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
    if (size > 0 && buffer[0] !== LINE_FEED) await file.write("\n");
    return file;
  } catch (fault) {
    await file.close();
    throw fault;
  }
}

async function wasMoved(file: FileHandle, path: string): Promise<boolean> {
  try {
    const [held, there] = await Promise.all([file.stat({ bigint: true }), stat(path, { bigint: true })]);
    return held.ino !== there.ino || held.dev !== there.dev;
  } catch {
    return true;
  }
}

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === LINE_FEED ? 1 : 0), 0);
}
