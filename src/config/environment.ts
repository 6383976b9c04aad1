import { CLIENT_VARIABLES, JOB_VARIABLES } from "./client-variables.ts";

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a small text file; throws as `node:fs` does. */
export type ReadFile = (path: string) => string;

interface BerthVariables {
  readonly values: Readonly<Record<string, string>>;
  /** One problem for each file that gave no value, by the name of the variable that it should have given. */
  readonly fileProblems: ReadonlyMap<string, string>;
}

/**
 * The variables of `env` that are Berth's. A variable that is empty is not set. One of `secrets` may come from
 * the file that `NAME_FILE` names, so that it stands in no process listing.
 */
export function berthVariables(
  env: Environment,
  secrets: readonly string[],
  readFile: ReadFile,
): BerthVariables {
  const values = new Map(ownEntries(env));
  const fileProblems = new Map<string, string>();
  for (const secret of secrets) {
    const variable = `${secret}_FILE`;
    const path = values.get(variable);
    if (path === undefined) continue;
    values.delete(variable);
    const content = values.has(secret) ? undefined : readSecret(path, readFile);
    if (content) values.set(secret, content);
    else fileProblems.set(secret, `${variable}: ${fileProblem(values.has(secret), secret, content)}`);
  }
  return { values: Object.fromEntries(values), fileProblems };
}

function fileProblem(setTwice: boolean, secret: string, content: string | undefined): string {
  if (setTwice) return `must not stand beside ${secret}: set one of the two`;
  return content === "" ? "names an empty file" : "names a file that cannot be read";
}

function readSecret(path: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(path).trim();
  } catch (fault) {
    if (fault instanceof Error && "code" in fault) return undefined;
    throw fault;
  }
}

const NOT_OURS = { ...CLIENT_VARIABLES, ...JOB_VARIABLES };

function* ownEntries(env: Environment): Iterable<[string, string]> {
  for (const [name, value] of Object.entries(env)) {
    const ours =
      name.startsWith("BERTH_") && !name.startsWith("BERTH_TEST_") && !Object.hasOwn(NOT_OURS, name);
    if (ours && value !== undefined && value !== "" && !isServiceLink(name, value)) yield [name, value];
  }
}

/**
 * Kubernetes gives every pod variables for each Service: with a Service called `berth` or `berth-redis` those
 * would be unknown settings, and the start would stop.
 */
function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$/.test(name)) return true;
  if (/_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name)) return true;
  return name.endsWith("_PORT") && /^(?:tcp|udp|sctp):\/\//.test(value);
}
