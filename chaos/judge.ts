import type { Answer } from "./history.ts";

export interface Judged {
  readonly answer: Answer;
  readonly reason: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What an answer is to a client. Undefined: none came. */
export function judge(answer: HttpAnswer | undefined): Judged {
  if (answer === undefined) return { answer: "lost", reason: "", body: {} };
  const { status, headers } = answer;
  const body = isObject(answer.body) ? answer.body : {};
  if (status < 300) return { answer: "done", reason: "", body };
  const reason = reasonOf(body) ?? `${status}`;
  if (status < 500) return { answer: "refused", reason, body };
  const saysWhen = /^[1-9]\d*$/.test(headers.get("retry-after") ?? "");
  return status === 503 && saysWhen
    ? { answer: "unavailable", reason, body }
    : { answer: "odd", reason: `${status}${saysWhen ? "" : " without Retry-After"}`, body };
}

function reasonOf({ reason }: Judged["body"]): string | undefined {
  return typeof reason === "string" ? reason : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
