import { type LoggedIn, login } from "../login.ts";
import { isWithoutIdentity } from "../no-identity.ts";
import type { ActionContext } from "./action-context.ts";
import type { ActionInputs } from "./action-inputs.ts";
import { annotation, problemAnnotation } from "./workflow-command.ts";

/** State that the post step finds: where this step has logged in. */
export const REGISTRIES_STATE = "registries";

/** Logs the job in. The answer is the step's exit code. */
export async function mainStep(context: ActionContext, inputs: ActionInputs): Promise<number> {
  // First of all: a step that is cut short half-way is cleaned up after, too.
  context.saveState(REGISTRIES_STATE, inputs.registries.join(" "));
  const done = await login(context, inputs);
  if (!done.ok) {
    if (inputs.ifNoIdentity === "fail" || !isWithoutIdentity(done.error)) {
      context.print(problemAnnotation("error", done.error));
      return 1;
    }
    context.print(annotation("notice", "Berth: no login", done.error.message));
    return 0;
  }
  tell(context, inputs.robot, done.value);
  return 0;
}

function tell({ print, setOutput }: ActionContext, username: string, { logins, folder }: LoggedIn): void {
  const expiresAt = new Date(Math.min(...logins.map((record) => record.expiresAt)) * 1000).toISOString();
  setOutput("username", username);
  setOutput("expires-at", expiresAt);
  setOutput("docker-config", folder);
  setOutput("server", [...new Set(logins.map(({ server }) => server))].join("\n"));
  for (const { key, server } of logins) {
    print(`Logged in to ${key} as ${username} by ${server}, until ${expiresAt} or the end of this job.`);
  }
}
