import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, runCommand } from "./command.ts";

const ACTION = new URL("../../../dist/action/", import.meta.url).pathname;
const FILE_COMMANDS = ["GITHUB_STATE", "GITHUB_OUTPUT", "GITHUB_ENV"] as const;

type Values = Readonly<Record<string, string>>;

/** A step of an action that has ended. */
export interface Step extends Run {
  readonly outputs: Values;
  readonly state: Values;
  /** What the runner shows of its log: commands taken out, and every masked text replaced. */
  readonly shown: string;
}

/** One job of GitHub's runner: it starts the action's files as the runner does, and keeps what they hand it. */
export class GithubRunner {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-runner-"));
  readonly #variables: Values;
  readonly #masks: string[] = [];
  /** Variables that steps have set for those after them. */
  env: Values = {};
  #steps = 0;

  /** @param variables Of the job, beside those that every job has. */
  constructor(variables: Values) {
    this.#variables = variables;
    for (const name of ["home", "temp"]) mkdirSync(join(this.folder, name));
  }

  /** @param inputs By their names in action.yml. */
  main(inputs: Values): Promise<Step> {
    return this.#run("main.mjs", inputVariables(inputs));
  }

  post(inputs: Values, { state }: Pick<Step, "state">): Promise<Step> {
    const states = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]);
    return this.#run("post.mjs", { ...inputVariables(inputs), ...Object.fromEntries(states) });
  }

  /** A step with a program of its own. */
  program(program: string, ...args: readonly string[]): Promise<Run> {
    return runCommand(program, args, { env: this.#environment() });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: join(this.folder, "home"),
      RUNNER_TEMP: join(this.folder, "temp"),
      RUNNER_NAME: "runner-1",
      GITHUB_ACTIONS: "true",
      GITHUB_RUN_ID: "9876543210",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_JOB: "push",
      ...this.#variables,
      ...this.env,
    };
  }

  async #run(file: string, variables: Values): Promise<Step> {
    this.#steps += 1;
    const files = FILE_COMMANDS.map((name) => [name, join(this.folder, `${this.#steps}-${name}`)] as const);
    for (const [, path] of files) writeFileSync(path, "");
    const run = await runCommand(process.execPath, [join(ACTION, file)], {
      env: { ...this.#environment(), ...variables, ...Object.fromEntries(files) },
    });
    const [state = {}, outputs = {}, env = {}] = files.map(([, path]) =>
      valuesIn(readFileSync(path, "utf8")),
    );
    this.env = { ...this.env, ...env };
    return { ...run, state, outputs, shown: this.#shownOf(run.stdout) + this.#shownOf(run.stderr) };
  }

  /** Line by line: what was printed before its mask is shown. */
  #shownOf(printed: string): string {
    let shown = "";
    for (const line of printed.split("\n")) {
      if (line.startsWith("::add-mask::")) this.#masks.push(line.slice("::add-mask::".length));
      else shown += `${this.#masks.reduce((text, mask) => text.replaceAll(mask, "***"), line)}\n`;
    }
    return shown;
  }
}

function inputVariables(inputs: Values): Values {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

/** `NAME<<END`, lines, `END`: the multi-line form of the runner's environment files. */
function valuesIn(text: string): Values {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 1) {
    const [name = "", end] = (lines.shift() ?? "").split("<<");
    const length = lines.indexOf(end ?? "");
    if (end === undefined || length < 0) throw new Error("not a file that the runner takes");
    values[name] = lines.splice(0, length).join("\n");
    lines.shift();
  }
  return values;
}
