import { logout } from "../logout.ts";
import type { ActionContext } from "./action-context.ts";
import { REGISTRIES_STATE } from "./main-step.ts";
import { problemAnnotation } from "./workflow-command.ts";

/**
 * Revokes what the main step earned and removes its login, however the job went. What does not work is a warning: the
 * credential ends by its time, and the job's own result stands.
 */
export async function postStep(context: ActionContext): Promise<void> {
  const saved = context.environment.variables[`STATE_${REGISTRIES_STATE}`] ?? "";
  if (saved === "") return;
  const done = await logout(context, saved.split(" "));
  const problems = done.ok ? done.value.problems : [done.error];
  for (const problem of problems) context.print(problemAnnotation("warning", problem));
  if (done.ok && problems.length === 0) {
    for (const key of done.value.keys) context.print(`Logged out of ${key}; its credential is revoked.`);
  }
}
