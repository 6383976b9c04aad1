import { ConfigurationError } from "../configuration-error.ts";
import type { Api } from "./api-client.ts";
import { apiCommand } from "./api-command.ts";
import type { Command, Invocation } from "./command.ts";
import { isConfirmed } from "./confirm.ts";
import { textOption } from "./options.ts";
import { paintFor, postDeclaration, tellOfDeclaration } from "./plan.ts";
import { appliedAnswer, appliedText, changesOf, planAnswer, planText } from "./planned-text.ts";
import { DECLARATION_OPTIONS, DECLARATION_USAGE, sentDeclaration } from "./sent-declaration.ts";
import { show, understood } from "./show.ts";

type Values = Invocation["values"];

export const apply: Command = apiCommand({
  words: ["apply"],
  positionals: [],
  options: { ...DECLARATION_OPTIONS, plan: { type: "string" }, yes: { type: "boolean" } },
  usage: `${DECLARATION_USAGE} [--plan DIGEST | --yes] [--json]`,
  summary: "makes the server what a declaration says",
  description:
    "Shows the plan and asks; with --yes it does not ask, and with --plan it does what that plan said, or nothing. What it\nbrings is managed by apply:NAME (apply:default): it changes nothing that somebody else manages, --prune removes\nwhat the same owner brought and declares no more, and --adopt takes over what is declared and was made by other\ncommands (managed by api). A run that was broken off is finished by the next.\nExit codes: 0 done; 1 refused, and nothing written; 2 the command line or a file.",
  example: "berth apply -f berth/ --owner platform --prune --yes",
  async run(api, { values }) {
    const body = sentDeclaration(values);
    const digest = digestOption(values);
    if (digest !== undefined) return applyNow(api, body, values.json, digest);
    if (values.yes === true) return applyNow(api, body, values.json);
    return applyAsked(api, body, values);
  },
});

function digestOption(values: Values): string | undefined {
  const digest = textOption(values, "plan");
  if (digest === undefined || /^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new ConfigurationError(["--plan takes the digest that `berth plan` printed"]);
}

/** Nothing but what was looked at. */
async function applyAsked(api: Api, body: object, values: Values): Promise<number> {
  const planned = await postDeclaration(api, "/declarations/plan", { body });
  if (!planned.ok) return tellOfDeclaration(planned.error);
  const plan = understood(planned.value.body, planAnswer);
  if (plan === undefined) return 1;
  // Standard output is for what was done.
  console.error(planText(plan, paintFor(process.stderr), values.adopt === true));
  if (plan.refused.length > 0) return 1;
  if (changesOf(plan) > 0 && !(await isConfirmed(values, "yes", "applies that plan"))) return 2;
  return applyNow(api, body, values.json, plan.digest);
}

async function applyNow(api: Api, body: object, json: unknown, ifMatch?: string): Promise<number> {
  const request = { body, ...(ifMatch === undefined ? {} : { ifMatch }) };
  const applied = await postDeclaration(api, "/declarations/apply", request);
  if (!applied.ok) return tellOfDeclaration(applied.error);
  return show(applied, {
    shape: appliedAnswer,
    json,
    text: (done) => appliedText(done, paintFor(process.stdout)),
  });
}
