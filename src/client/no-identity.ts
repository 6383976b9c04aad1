import type { ClientProblem, ProblemCode } from "./client-problem.ts";
import { IDENTITY_TEXTS } from "./texts/identity-texts.ts";

/** The job has one or may ask for one, and something went wrong: never passed over. */
const FAILURES: readonly ProblemCode[] = [
  "identity_file_unreadable",
  "identity_malformed",
  "identity_request_failed",
  "identity_request_refused",
  "identity_command_failed",
];

/** Whether the platform gives this job no identity token at all, as to a pull request from a fork. */
export function isWithoutIdentity({ code }: ClientProblem): boolean {
  return code in IDENTITY_TEXTS && !FAILURES.includes(code);
}
