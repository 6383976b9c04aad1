import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A part of a secret that is this long gives it away. */
const PART = 20;

/**
 * Keeps every secret of a test, and finds parts of them where none may be: any twenty characters of one.
 */
export class LeakSearch {
  readonly #parts = new Map<string, string>();
  readonly #names = new Set<string>();

  /** The names of the secrets that are searched for: a search for nothing finds nothing. */
  get names(): readonly string[] {
    return [...this.#names].sort();
  }

  /** @param name Says what was found, without it. */
  add(name: string, secret: string): void {
    if (secret.length < PART) throw new Error(`${name} is too short to be searched for`);
    this.#names.add(name);
    for (let at = 0; at + PART <= secret.length; at += 1) {
      this.#parts.set(secret.slice(at, at + PART), name);
    }
  }

  /** The names of the secrets of which a part stands in `text`. */
  in(text: string): readonly string[] {
    const found = new Set<string>();
    for (let at = 0; at + PART <= text.length; at += 1) {
      const name = this.#parts.get(text.slice(at, at + PART));
      if (name !== undefined) found.add(name);
    }
    return [...found];
  }

  /** The same of every file under `folder`, by file name. Bytes are taken as Latin-1, which keeps each of them. */
  inFolder(folder: string): Readonly<Record<string, readonly string[]>> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const found = files.map((file) => [
      file.name,
      this.in(readFileSync(join(file.parentPath, file.name), "latin1")),
    ]);
    return Object.fromEntries(found);
  }

  /** The same of what any user of the machine sees of a process. */
  inCommandLine(pid: number): readonly string[] {
    return this.in(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  }
}
