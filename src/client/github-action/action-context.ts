import { appendFileSync } from "node:fs";
import { createClientEnvironment } from "../client-environment.ts";
import { fileCommand } from "../file-command.ts";
import type { ClientContext } from "../job-console.ts";

/** What both steps of the action work with. */
export interface ActionContext extends ClientContext {
  /** A line of the step's log, or a command to the runner. */
  readonly print: (line: string) => void;
  /** For the post step. No secret goes in: the file is the runner's. */
  readonly saveState: (name: string, value: string) => void;
  readonly setOutput: (name: string, value: string) => void;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The context of a step that the runner has started with `variables`. */
export function createActionContext(variables: Variables): ActionContext {
  const print = (line: string) => {
    process.stdout.write(`${line}\n`);
  };
  return {
    environment: createClientEnvironment(variables),
    // The steps that follow get variables from the runner; lines for a shell are of no use to anybody here.
    console: { out: () => undefined, note: print },
    print,
    saveState: (name, value) => append(variables.GITHUB_STATE, name, value),
    setOutput: (name, value) => append(variables.GITHUB_OUTPUT, name, value),
  };
}

function append(file: string | undefined, name: string, value: string): void {
  if (file === undefined) throw new Error(`the runner has no file for ${name}`);
  appendFileSync(file, fileCommand(name, value));
}
