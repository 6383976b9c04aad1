import { styleText } from "node:util";
import type { Result } from "../../domain/result.ts";
import type { Api, ApiAnswer } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import { type ApiRefusal, tellRefusal } from "./api-refusal.ts";
import type { Command } from "./command.ts";
import { changesOf, type Paint, planAnswer, planText } from "./planned-text.ts";
import { DECLARATION_OPTIONS, DECLARATION_USAGE, sentDeclaration } from "./sent-declaration.ts";
import { show } from "./show.ts";

const EXIT_FILE = 2;
const EXIT_CHANGES = 3;
/** An application of thousands of namespaces is one request. */
const TIMEOUT_MS = 300_000;

/** Colours where `stream` is a terminal, and nowhere where NO_COLOR is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (colour, text) => styleText(colour, text, { stream });
}

export const plan: Command = apiCommand({
  words: ["plan"],
  positionals: [],
  options: DECLARATION_OPTIONS,
  usage: `${DECLARATION_USAGE} [--json]`,
  summary: "says what applying a declaration would do",
  description:
    "Reads the files, and of a folder its *.yaml, *.yml and *.json, as one declaration, and says what `berth apply` would do to\neach object: + made, ~ changed, - removed, ! in the way; with what the linter says of its rules. Nothing is written.\nExit codes: 0 nothing to do; 3 changes; 1 refused, or something stands in the way; 2 the command line or a file.",
  example: "berth plan -f berth/ --owner platform --prune",
  async run(api, { values }) {
    const planned = await postDeclaration(api, "/declarations/plan", { body: sentDeclaration(values) });
    if (!planned.ok) return tellOfDeclaration(planned.error);
    return show(planned, {
      shape: planAnswer,
      json: values.json,
      text: (made) => planText(made, paintFor(process.stdout), values.adopt === true),
      exit: (made) => (made.refused.length > 0 ? 1 : changesOf(made) === 0 ? 0 : EXIT_CHANGES),
    });
  },
});

/** @param request With the digest of a plan as `ifMatch`, where that is to be done and nothing else. */
export function postDeclaration(
  api: Api,
  path: string,
  request: { readonly body: object; readonly ifMatch?: string },
): Promise<Result<ApiAnswer, ApiRefusal>> {
  return api.call("POST", path, { ...request, timeoutMs: TIMEOUT_MS });
}

/** Says why on standard error; the exit code, which tells a faulty file from what the server has against a good one. */
export function tellOfDeclaration(refusal: ApiRefusal): number {
  const code = tellRefusal(refusal);
  return refusal.problems === undefined ? code : EXIT_FILE;
}
