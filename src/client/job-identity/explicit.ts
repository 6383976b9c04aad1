import { err, ok } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, tokenInVariable, variable } from "./job-platform.ts";

const FILE_VARIABLE = "BERTH_IDENTITY_TOKEN_FILE";
const TOKEN_VARIABLE = "BERTH_IDENTITY_TOKEN";

/** What the job names itself goes before all that could be found: a file, `-` for standard input, or a variable. */
export const explicit: JobPlatform = {
  name: "explicit",
  title: "the job",
  recognisedBy: `${FILE_VARIABLE}, ${TOKEN_VARIABLE}`,
  recognises: (environment) =>
    [FILE_VARIABLE, TOKEN_VARIABLE].some((name) => variable(environment, name) !== undefined),
  obtain: async (environment) => {
    const file = variable(environment, FILE_VARIABLE);
    const inVariable = tokenInVariable(environment, [TOKEN_VARIABLE]);
    if (file === undefined && inVariable !== undefined) return ok(inVariable);
    const path = file ?? "";
    const read = await environment.readFile(path);
    if (!read.ok) return err(clientProblem("identity_file_unreadable", { file: path, fault: read.error }));
    // Who writes tokens to a file writes the next one there, too; standard input ends.
    const isFile = path !== "-";
    return ok({ token: read.value.trim(), renewable: isFile, source: isFile ? path : "standard input" });
  },
  otherAudience: (audience) => `Have the token made for the audience ${audience}.`,
  anotherToken: "Have the platform write a new token before each login.",
};
