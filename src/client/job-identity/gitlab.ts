import { err, ok } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { clientProblem } from "../client-problem.ts";
import { ownAudiences, ownClaims } from "../own-claims.ts";
import { type JobPlatform, tokenInVariable, variable } from "./job-platform.ts";

const OWN_NAME = "BERTH_ID_TOKEN";

/** GitLab CI: a variable for each entry under `id_tokens`, by the name and for the audience that stand there. */
export const gitlab: JobPlatform = {
  name: "gitlab",
  title: "GitLab CI",
  recognisedBy: "GITLAB_CI",
  recognises: (environment) => variable(environment, "GITLAB_CI") === "true",
  obtain: async (environment, audience) => {
    const names = tokenVariables(environment);
    const ours = names.filter((name) => isFor(environment, name, audience));
    const found = tokenInVariable(environment, [OWN_NAME, ...ours]);
    if (found !== undefined) return ok(found);
    const others =
      names.length === 0 ? "no `id_tokens:` entry is there" : `${names.join(", ")} is for others`;
    return err(clientProblem("gitlab_id_tokens_missing", { audience, found: others }));
  },
  otherAudience: (audience) => `In the job:\n  id_tokens:\n    ${OWN_NAME}:\n      aud: ${audience}`,
  anotherToken: `A job has one token for each entry under \`id_tokens\`, and gets no other: log in once, or declare a second entry and give it to the second login in BERTH_IDENTITY_TOKEN.`,
};

function tokenVariables({ variables }: ClientEnvironment): readonly string[] {
  return Object.keys(variables)
    .filter((name) => name.endsWith("_ID_TOKEN") && ownClaims(variables[name] ?? "") !== undefined)
    .toSorted();
}

function isFor(environment: ClientEnvironment, name: string, audience: string): boolean {
  const claims = ownClaims(variable(environment, name) ?? "");
  return claims !== undefined && ownAudiences(claims).join(" ") === audience;
}
