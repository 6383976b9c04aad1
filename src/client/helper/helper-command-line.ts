import { basename } from "node:path";
import { createClientEnvironment } from "../client-environment.ts";
import type { ClientProcess } from "../client-process.ts";
import { HELPER_VERBS, isHelperVerb, runCredentialHelper } from "./credential-helper.ts";
import { HELPER_PROGRAM } from "./helper-name.ts";

/** Whether the client was called under the helper's name, which may have an ending. */
export function isHelperProgram(program: string): boolean {
  return basename(program).replace(/\.\w+$/, "") === HELPER_PROGRAM;
}

/** `docker-credential-berth VERB`; gives the exit code. */
export async function runHelperCommandLine(
  { variables, console, version }: ClientProcess,
  args: readonly string[],
): Promise<number> {
  const [verb, ...others] = args;
  if (others.length === 0 && isHelperVerb(verb)) {
    return runCredentialHelper({ environment: createClientEnvironment(variables), console }, verb, version);
  }
  console.out(`usage: ${HELPER_PROGRAM} ${HELPER_VERBS.join("|")}`);
  return 1;
}
