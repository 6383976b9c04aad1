import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../domain/result.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";

/** The code of a file system's error; anything else is a fault of ours and is thrown on. */
export function fileCode(fault: unknown): string {
  if (fault instanceof Error && "code" in fault && "syscall" in fault) return String(fault.code);
  throw fault;
}

/**
 * Writes a file that only its owner may read: whole under another name in the same folder, then under its own, so that
 * who reads at the same time sees the old one or the new one. A symbolic link stays, and what it names is written;
 * but for a file of this program's own, which is none: somebody else has put that link there.
 */
export async function writePrivateFile(
  path: string,
  text: string,
  { isOwn = false } = {},
): Promise<Result<void, ClientProblem>> {
  let partial: string | undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = isOwn ? path : await realpath(path).catch(() => path);
    partial = `${target}.${randomBytes(8).toString("hex")}.tmp`;
    const file = await open(partial, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, target);
    return ok(undefined);
  } catch (fault) {
    if (partial !== undefined) await rm(partial, { force: true });
    return err(clientProblem("file_unwritable", { file: path, fault: fileCode(fault) }));
  }
}

/** A file's text; undefined where there is none. */
export async function readTextFile(path: string): Promise<Result<string | undefined, ClientProblem>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch (fault) {
    const code = fileCode(fault);
    if (code === "ENOENT" || code === "ENOTDIR") return ok(undefined);
    return err(clientProblem("file_unreadable", { file: path, fault: code }));
  }
}

/**
 * The text of a file that this program wrote before: a file of this user's that nobody else may read or write, and no
 * symbolic link. Undefined for any other, which somebody else may have put there.
 */
export async function readOwnFile(path: string): Promise<string | undefined> {
  try {
    // O_NOFOLLOW is undefined on Windows, where there are no modes either: its temporary folders are the user's own.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { uid, mode } = await file.stat();
      const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
      return isOwn ? await file.readFile("utf8") : undefined;
    } finally {
      await file.close();
    }
  } catch (fault) {
    fileCode(fault);
    return undefined;
  }
}
