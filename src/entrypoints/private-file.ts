import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ConfigurationError } from "./configuration-error.ts";

/** What stands for standard input and output where a file is asked for. */
export const STANDARD = "-";

/**
 * Writes a file that only its owner may read, whole or not at all: under another name first, on the disk before it
 * takes its own. `-` is standard output. Throws ConfigurationError when it cannot be written.
 */
export async function writePrivately(path: string, parts: AsyncIterable<string>): Promise<void> {
  if (path === STANDARD) return writeOut(parts);
  const partial = `${path}.${randomUUID()}.part`;
  const file = await open(partial, "wx", 0o600).catch((fault: unknown) => refuse(path, "written", fault));
  try {
    await pipeline(parts, file.createWriteStream({ flush: true }));
    await rename(partial, path);
  } catch (fault) {
    await rm(partial, { force: true });
    return refuse(path, "written", fault);
  }
}

/** Each part when the one before is written: who reads may be slower, and may go away. */
async function writeOut(parts: AsyncIterable<string>): Promise<void> {
  const { stdout } = process;
  // The callback of the write has the fault; without a listener it would end the process besides.
  stdout.on("error", () => undefined);
  try {
    for await (const part of parts) {
      await new Promise<void>((resolve, reject) => {
        stdout.write(part, (fault) => (fault ? reject(fault) : resolve()));
      });
    }
  } catch (fault) {
    return refuse(STANDARD, "written", fault);
  }
}

/** The text of a file that a command names. Throws ConfigurationError when it cannot be read. */
export async function readPrivately(path: string): Promise<string> {
  return readFile(path, "utf8").catch((fault: unknown) => refuse(path, "read", fault));
}

/** The bytes of a file, as they come; `-` is standard input. Throws as `readPrivately` does. */
export async function openBytes(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === STANDARD) return process.stdin;
  const file = await open(path).catch((fault: unknown) => refuse(path, "read", fault));
  return file.createReadStream();
}

/** A fault of the file system is the operator's to mend; any other, as of the store that is read, is thrown on. */
function refuse(path: string, what: "read" | "written", fault: unknown): never {
  if (fault instanceof Error && "code" in fault && "syscall" in fault) {
    throw new ConfigurationError([`${path}: cannot be ${what}: ${String(fault.code)}`]);
  }
  throw fault;
}
