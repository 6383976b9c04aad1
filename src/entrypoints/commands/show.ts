import type * as z from "zod";
import { plainJson } from "../../client/plain-text.ts";
import type { Result } from "../../domain/result.ts";
import type { ApiAnswer } from "./api-client.ts";
import { type ApiRefusal, NOT_UNDERSTOOD, tellRefusal } from "./api-refusal.ts";

type Answer = Result<Pick<ApiAnswer, "body">, ApiRefusal>;

/** How an answer is shown. */
interface Showing<T> {
  /** What of the answer is read; what a later release adds is left out. */
  readonly shape: z.ZodType<T>;
  readonly text: (value: T) => string;
  /** `--json`: the answer as it came. */
  readonly json: unknown;
  /** The exit code of what was shown; absent: 0. */
  readonly exit?: (value: T) => number;
}

/** Prints an answer, or why there is none; the exit code. */
export function show<T>(answer: Answer, { shape, text, json, exit = () => 0 }: Showing<T>): number {
  if (!answer.ok) return tellRefusal(answer.error);
  const { body } = answer.value;
  const read = understood(body, shape);
  if (read === undefined) return 1;
  console.log(json === true ? plainJson(body, 2) : text(read));
  return exit(read);
}

/** Prints `sentence` for an answer whose content nobody needs, or why there is none; the exit code. */
export function showDone(answer: Answer, sentence: string): number {
  if (!answer.ok) return tellRefusal(answer.error);
  console.log(sentence);
  return 0;
}

/** What a secret is shown with. */
interface SecretShowing<T> extends Omit<Showing<T>, "text" | "exit"> {
  /** Undefined: the answer has none. */
  readonly secret: (value: T) => string | undefined;
  /** For standard error: the secret alone goes to standard output, so that a pipe or a file holds nothing else. */
  readonly note: (value: T) => string;
}

/** Prints the secret of an answer, once, or why there is none; the exit code. */
export function showSecret<T>(answer: Answer, { shape, json, secret, note }: SecretShowing<T>): number {
  if (!answer.ok) return tellRefusal(answer.error);
  const read = understood(answer.value.body, shape);
  if (read === undefined) return 1;
  const text = json === true ? plainJson(answer.value.body, 2) : secret(read);
  if (text !== undefined) console.log(text);
  console.error(note(read));
  return 0;
}

/** The body by its shape; undefined, and told of on standard error, where it has another. */
export function understood<T>(body: unknown, shape: z.ZodType<T>): T | undefined {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  tellRefusal(NOT_UNDERSTOOD);
  return undefined;
}
