import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitlabTemplate } from "../../support/gitlab-template.ts";
import { type Run, runCommand } from "./command.ts";
import { watchPrograms } from "./watched-programs.ts";

/** What a job's image has: its shell, and its programs as `watchPrograms` takes them. */
export interface Image {
  readonly shell: readonly [program: string, ...args: string[]];
  readonly programs: Readonly<Record<string, string>>;
}

/** A GitLab job that has ended. */
export interface GitlabRun {
  /** `before_script` and `script`, which share a shell. */
  readonly main: Run;
  readonly after: Run;
  /** What it left in the folder for temporary files, beside the checkout. */
  readonly left: readonly string[];
  /** Its programs with their arguments, a call a line. */
  readonly calls: string;
  /** What a program found in its working folder and others could open, as `-rw-r--r-- form`. */
  readonly openFiles: readonly string[];
}

export interface GitlabJob {
  readonly template: GitlabTemplate;
  readonly image: Image;
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** What CI_DEBUG_TRACE does. */
  readonly trace?: boolean;
}

/**
 * Runs a job as GitLab's runner does: `before_script` and `script` in one shell that ends at the first failure,
 * then `after_script` in another, however the first ended.
 */
export async function runGitlabJob(job: GitlabJob): Promise<GitlabRun> {
  const folder = mkdtempSync(join(tmpdir(), "berth-gitlab-"));
  try {
    const programs = watchPrograms(folder, job.image.programs);
    const checkout = join(folder, "app");
    for (const made of [checkout, `${checkout}.tmp`, join(folder, "home")]) mkdirSync(made);
    const env = {
      ...job.template.variables,
      PATH: programs.path,
      HOME: join(folder, "home"),
      CI_PROJECT_DIR: checkout,
      CI_JOB_ID: "4711",
      ...job.variables,
    };
    const main = await runLines(job, [...job.template.before_script, ...job.script], env);
    const after = await runLines(job, job.template.after_script, env);
    const left = readdirSync(`${checkout}.tmp`);
    return { main, after, left, calls: programs.calls(), openFiles: programs.openFiles() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runLines(
  { image, trace = false }: GitlabJob,
  lines: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const [program, ...args] = image.shell;
  const flags = trace ? ["-ex"] : ["-e"];
  // The script comes over standard input, as from the runner.
  const input = [`cd "$CI_PROJECT_DIR"`, ...lines].join("\n");
  return runCommand(program, [...args, ...flags], { env, input: `${input}\n` });
}
