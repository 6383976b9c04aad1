import { readdirSync, readFileSync } from "node:fs";

/** Keeps every secret that a test was handed, and finds those that show where none may. */
export class SecretWatch {
  readonly #secrets = new Map<string, string>();

  /** A credential or robot token. */
  addPassword(text: string): void {
    this.#secrets.set(text, `a password, ${text.slice(0, 4)}…`);
  }

  /** An identity token or registry token: its signature is what nobody else may have. */
  addToken(jwt: string): void {
    const signature = jwt.split(".")[2];
    if (!signature) throw new Error("not a signed token");
    this.#secrets.set(signature, "a token's signature");
  }

  /** How many it watches for: a search for nothing finds nothing. */
  get size(): number {
    return this.#secrets.size;
  }

  /** What shows in `text`, described and not repeated. */
  foundIn(text: string): readonly string[] {
    return [...this.#secrets].filter(([secret]) => text.includes(secret)).map(([, name]) => name);
  }

  /** What shows in the arguments of any process of this machine, as any user of it could see. */
  foundInProcessList(): readonly string[] {
    return processIds().flatMap((pid) => this.foundIn(commandLine(pid)).map((name) => `${name}, of ${pid}`));
  }
}

function processIds(): readonly string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it ended between the listing and the look
  }
}
