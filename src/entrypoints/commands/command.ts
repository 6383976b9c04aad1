import type { ParseArgsOptionsConfig } from "node:util";
import type { Environment } from "../read-settings.ts";

/** What a command line said. */
export interface Invocation {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
  readonly environment: Environment;
}

/** A command of `berth`. */
export interface Command {
  /** `["robots", "token"]` */
  readonly words: readonly string[];
  /** Names of the arguments that must follow. */
  readonly positionals: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** The options as the synopsis shows them. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  /** Whether it asks the management API. */
  readonly asksApi?: true;
  /** The exit code; ConfigurationError and UnavailableError are told of by the caller. */
  run(invocation: Invocation): Promise<number>;
}
