import { plain, withoutSecrets } from "./plain-text.ts";
import { AUDIENCE_TEXTS } from "./texts/audience-texts.ts";
import { EXCHANGE_TEXTS } from "./texts/exchange-texts.ts";
import { IDENTITY_TEXTS } from "./texts/identity-texts.ts";
import { LOGIN_TEXTS } from "./texts/login-texts.ts";
import type { Fact, FactsOf } from "./texts/problem-text.ts";
import { SERVER_TEXTS } from "./texts/server-texts.ts";

/** Every problem that the client tells of. */
export const PROBLEM_TEXTS = {
  ...IDENTITY_TEXTS,
  ...SERVER_TEXTS,
  ...AUDIENCE_TEXTS,
  ...EXCHANGE_TEXTS,
  ...LOGIN_TEXTS,
};

/** Stable: it is the anchor of the problem's entry in docs/troubleshooting.md. */
export type ProblemCode = keyof typeof PROBLEM_TEXTS;

/** An expected failure, as the job is told of it. Holds no identity token and no secret. */
export interface ClientProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly mend: string;
}

/**
 * @param facts What stands in the text's braces. It may come from anywhere: it is made plain here, and nothing that
 *   opens something passes.
 */
export function clientProblem<Code extends ProblemCode>(
  code: Code,
  facts: FactsOf<(typeof PROBLEM_TEXTS)[Code]>,
): ClientProblem {
  const { message, mend } = PROBLEM_TEXTS[code];
  return { code, message: fillIn(message, facts), mend: fillIn(mend, facts) };
}

/** A template with its facts. */
export function fillIn(template: string, facts: Readonly<Record<string, Fact>>): string {
  // A fact is never looked at for braces again: it may hold some.
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => factText(facts[name] ?? ""));
}

function factText(fact: Fact): string {
  return typeof fact === "string" ? plain(fact) : fact.lines.map(withoutSecrets).join("\n");
}
