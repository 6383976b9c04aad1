import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A program of an agent's in a folder of its own, for a job's PATH. */
export interface AgentCommand {
  /** PATH with the program first. */
  readonly path: string;
  remove(): void;
}

/** @param script JavaScript that sees its arguments as `args`. It may `await`. */
export function installAgentCommand(name: string, script: string): AgentCommand {
  const folder = mkdtempSync(join(tmpdir(), "berth-agent-"));
  const program = join(folder, `${name}.mjs`);
  writeFileSync(program, `const args = process.argv.slice(2);\n${script}\n`);
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(file, 0o755);
  return {
    path: `${folder}${delimiter}${process.env.PATH ?? ""}`,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
