import { lstat, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileCode } from "./private-file.ts";

/**
 * Makes a folder that only this user may enter, unless it is there. False where what is there is another user's, open
 * to others, or a link: in a folder that all may write to, somebody may have been first with a name that can be foreseen.
 */
export async function ensureOwnFolder(folder: string): Promise<boolean> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (fault) {
    if (fileCode(fault) !== "EEXIST") throw fault;
  }
  const found = await lstat(folder);
  if (!found.isDirectory()) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
}
