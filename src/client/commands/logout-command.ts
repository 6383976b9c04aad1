import type { ClientProblem } from "../client-problem.ts";
import { endCachedCredentials } from "../helper/end-cached-credentials.ts";
import type { ClientContext } from "../job-console.ts";
import { logout } from "../logout.ts";
import { type Asked, type ClientCommand, EXIT_REFUSED, tellProblem } from "./client-command.ts";

export const logoutCommand: ClientCommand = {
  words: ["logout"],
  positionals: ["[REGISTRY...]"],
  options: {},
  usage: "",
  summary: "revokes what `berth login` earned, and takes its entries out",
  description: [
    "Revokes the credentials of this job's logins and removes their entries, of all registries where none is named; then also",
    "what the credential helper has earned for this job. Entries that others made stay. A Docker configuration that was made",
    "for the job goes as a whole. Done again it does nothing, so that it may stand in a step that always runs.",
  ].join("\n"),
  example: "berth logout",
  run: runLogout,
};

async function runLogout(context: ClientContext, { positionals: registries }: Asked): Promise<number> {
  const { environment, console } = context;
  const done = await logout(context, registries);
  if (!done.ok) return tellProblem(context, done.error);
  const { keys } = done.value;
  const problems: ClientProblem[] = [...done.value.problems];
  if (registries.length === 0) problems.push(...(await endCachedCredentials(environment)));
  console.note(keys.length === 0 ? "berth: no login of this job" : `berth: logged out of ${keys.join(", ")}`);
  for (const problem of problems) tellProblem(context, problem);
  return problems.length === 0 ? 0 : EXIT_REFUSED;
}
