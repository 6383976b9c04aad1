import type { ParseArgsOptionsConfig } from "node:util";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { type ClientContext, problemText } from "../job-console.ts";

/** What a command line said. */
export interface Asked {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** A command that runs inside a CI job. */
export interface ClientCommand {
  readonly words: readonly [string];
  /** `REGISTRY...`: one or more; `[REGISTRY...]`: any number. */
  readonly positionals: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** The options as the synopsis shows them. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  /** The exit code: 0 done, 1 refused, 2 the command line is wrong. */
  readonly run: (context: ClientContext, asked: Asked) => Promise<number>;
}

export const EXIT_REFUSED = 1;
export const EXIT_USAGE = 2;

/** Options of every command that finds Berth and shows it who the job is. */
export const PLACE_OPTIONS = {
  server: { type: "string" },
  "identity-token-file": { type: "string" },
} as const;

/** Options that say what is asked for. */
export const WISH_OPTIONS = {
  robot: { type: "string" },
  scope: { type: "string", multiple: true },
  ttl: { type: "string" },
} as const;

/** The variables with the flags that stand for some of them. */
export function withFlags(
  variables: ClientEnvironment["variables"],
  { values }: Asked,
): ClientEnvironment["variables"] {
  const flag = (name: string, value: unknown) => (typeof value === "string" ? { [name]: value } : {});
  return {
    ...variables,
    ...flag("BERTH_SERVER", values.server),
    ...flag("BERTH_ROBOT", values.robot),
    ...flag("BERTH_IDENTITY_TOKEN_FILE", values["identity-token-file"]),
  };
}

/** Scopes and lifetime; a sentence where the lifetime is no number. */
export function wishOptions({ values }: Asked): { scopes: readonly string[]; ttl?: number } | string {
  const scopes = Array.isArray(values.scope) ? values.scope.map(String) : [];
  if (values.ttl === undefined) return { scopes };
  const text = String(values.ttl);
  return /^\d{1,6}$/.test(text) ? { scopes, ttl: Number(text) } : "--ttl takes a whole number of seconds";
}

/** The robot account; a problem where none is named. */
export function robotOption({ variables }: ClientEnvironment, registry: string): string | ClientProblem {
  return variables.BERTH_ROBOT || clientProblem("robot_missing", { registry });
}

export function tellProblem({ console }: ClientContext, problem: ClientProblem): number {
  console.note(problemText(problem));
  return EXIT_REFUSED;
}

export function tellUsage({ console }: ClientContext, sentence: string): number {
  console.note(`berth: ${sentence}`);
  return EXIT_USAGE;
}

/** Whether so many arguments were given as a command takes. */
export function takes(positionals: readonly string[], given: number): boolean {
  const [last = ""] = positionals.slice(-1);
  if (!last.includes("...")) return given === positionals.length;
  return given >= positionals.length - (last.startsWith("[") ? 1 : 0);
}
