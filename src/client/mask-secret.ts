import { basicAuth } from "./auth-file/auth-config.ts";
import type { Earned } from "./exchange-answer.ts";
import type { ClientContext } from "./job-console.ts";

/**
 * Has the platform black out a credential in the job's log, should another program print it: the credential, and the
 * form that it has in a file of logins. Before anything else is done with it.
 *
 * On standard error, which GitHub and Azure read for commands as they do standard output: that one may be a script's.
 * GitLab and the others have no such command for what a job makes itself; there the client's own silence is all.
 */
export function maskSecret({ environment, console }: ClientContext, earned: Earned): void {
  const command = maskCommand(environment.variables);
  if (command === undefined) return;
  const password = earned.credential.expose();
  for (const text of [password, basicAuth({ username: earned.username, password })]) {
    console.note(`${command}${text}`);
  }
}

function maskCommand(variables: Readonly<Record<string, string | undefined>>): string | undefined {
  if (variables.GITHUB_ACTIONS === "true") return "::add-mask::";
  if (variables.TF_BUILD?.toLowerCase() === "true") return "##vso[task.setsecret]";
  return undefined;
}
