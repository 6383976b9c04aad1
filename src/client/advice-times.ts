import { JsonNumber, type JsonObject } from "../domain/identity/strict-json.ts";
import type { Asked } from "./advice.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import type { Refusal } from "./exchange-answer.ts";

/** When the token ends by its own word, Unix milliseconds. */
export function expiresAt(claims: JsonObject): number | undefined {
  const seconds = secondsOf(claims, "exp");
  return seconds === undefined ? undefined : seconds * 1000;
}

/** `exp − iat`, in seconds. */
export function lifetimeOf(claims: JsonObject): string {
  const [from, to] = [secondsOf(claims, "iat"), secondsOf(claims, "exp")];
  return from === undefined || to === undefined ? "an unknown number of" : String(to - from);
}

/** Of the claims that Berth may need, those that are not there. */
export function missingClaims(claims: JsonObject): string {
  const missing = ["sub", "iat", "exp", "jti"].filter((name) => !claims.has(name));
  return missing.length === 0 ? "one that is there" : missing.join(", ");
}

/** The token is not good yet, or not any more, by Berth's clock alone. */
export function clockProblem({ answeredAt }: Refusal, { claims, now }: Asked): ClientProblem {
  return clientProblem("clock_differs", {
    here: timeText(now),
    there: timeText(answeredAt),
    from: timeText(startOf(claims)),
    expires: timeText(expiresAt(claims)),
  });
}

function startOf(claims: JsonObject): number | undefined {
  const starts = ["iat", "nbf"].flatMap((name) => secondsOf(claims, name) ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts) * 1000;
}

function timeText(unixMs: number | undefined): string {
  const date = new Date(unixMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString();
}

function secondsOf(claims: JsonObject, name: string): number | undefined {
  const value = claims.get(name);
  return value instanceof JsonNumber ? value.toInteger() : undefined;
}
