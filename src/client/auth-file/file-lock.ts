import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { fileCode } from "./private-file.ts";

export interface LockLimits {
  /** How long to wait for another holder. */
  readonly waitMs: number;
  /** After so long a holder counts as gone, whatever its process id says: longer than any work under the lock. */
  readonly staleMs: number;
}

type Waiting = Pick<ClientEnvironment, "now" | "waitUntil" | "random">;

const POLL_MS = 20;

/**
 * Runs `work` while no other process of this machine runs its own under the same lock file, which is gone afterwards.
 * A holder that was killed is found by its process id, or on another host of a shared disk by the file's age.
 */
export async function withFileLock<T>(
  environment: Waiting,
  path: string,
  limits: LockLimits,
  work: () => Promise<T>,
): Promise<Result<T, ClientProblem>> {
  const mark = `${hostname()} ${process.pid} ${randomBytes(12).toString("hex")}`;
  const taken = await take(environment, path, mark, limits);
  if (!taken.ok) return taken;
  try {
    return ok(await work());
  } finally {
    await release(path, mark);
  }
}

async function take(
  environment: Waiting,
  path: string,
  mark: string,
  { waitMs, staleMs }: LockLimits,
): Promise<Result<void, ClientProblem>> {
  const until = environment.now() + waitMs;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    while (!(await create(path, mark))) {
      await removeStale(path, staleMs);
      const [byte = 0] = environment.random(1);
      // Drawn anew each time: who waits in step with others loses in step with them.
      const next = environment.now() + POLL_MS * (1 + byte / 255);
      if (next >= until) return err(clientProblem("file_locked", { file: path }));
      await environment.waitUntil(next);
    }
    return ok(undefined);
  } catch (fault) {
    return err(clientProblem("file_unwritable", { file: path, fault: fileCode(fault) }));
  }
}

async function create(path: string, mark: string): Promise<boolean> {
  try {
    await writeFile(path, mark, { flag: "wx", mode: 0o600 });
    return true;
  } catch (fault) {
    // Windows says EPERM while another process removes the file.
    if (["EEXIST", "EPERM"].includes(fileCode(fault))) return false;
    throw fault;
  }
}

/** Only the holder's own mark is removed: who was held for gone must not free the lock of its successor. */
async function release(path: string, mark: string): Promise<void> {
  if ((await markOf(path)) === mark) await rm(path, { force: true });
}

async function removeStale(path: string, staleMs: number): Promise<void> {
  const seen = await markOf(path);
  if (seen !== undefined && (await isStale(path, seen, staleMs))) await removeLock(path, seen);
}

/**
 * Removes the lock that was seen, and no other: two who find the same stale one both rename it away, and the later one
 * would take its successor's. It sees that by the mark, and links it back to its place.
 */
export async function removeLock(path: string, seen: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(path, aside);
    if ((await markOf(aside)) !== seen) await link(aside, path);
  } catch (fault) {
    fileCode(fault);
  }
  await rm(aside, { force: true });
}

async function isStale(path: string, mark: string, staleMs: number): Promise<boolean> {
  const [host, pid] = mark.split(" ");
  if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleMs;
  } catch (fault) {
    fileCode(fault);
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // EPERM: it is another user's.
    return fileCode(fault) !== "ESRCH";
  }
}

async function markOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (fault) {
    fileCode(fault);
    return undefined;
  }
}
