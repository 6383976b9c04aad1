import { stringClaim } from "../../domain/identity/claims.ts";
import { isJsonObject, parseStrictJson } from "../../domain/identity/strict-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { faultWords } from "../advice-connection.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import type { OutgoingRequest } from "../http-request.ts";
import { RETRY_FOR_MS, requestUntil } from "../retry.ts";
import type { ObtainedToken } from "./job-platform.ts";

export interface TokenRequest extends Omit<OutgoingRequest, "timeoutMs"> {
  /** The platform's title. */
  readonly platform: string;
  /** The member of the answer's JSON that holds the token; absent: the answer is the token. */
  readonly member?: string;
  /** What to do when the platform refuses. */
  readonly mend: string;
}

const TIMEOUT_MS = 10_000;

/** Asks a platform for an identity token. Asking twice is safe: one that got lost is one that nobody uses. */
export async function requestToken(
  environment: ClientEnvironment,
  { platform, member, mend, ...outgoing }: TokenRequest,
): Promise<Result<ObtainedToken, ClientProblem>> {
  const host = outgoing.socketPath ?? new URL(outgoing.url).host;
  const until = environment.now() + RETRY_FOR_MS;
  const answered = await requestUntil(environment, { ...outgoing, timeoutMs: TIMEOUT_MS }, until);
  if (!answered.ok) {
    const fault = faultWords(answered.error);
    return err(clientProblem("identity_request_failed", { platform, host, fault }));
  }
  const { status, text } = answered.value;
  const token = status === 200 || status === 201 ? tokenIn(text, member) : undefined;
  if (token !== undefined) return ok({ token, renewable: true, source: `the answer of ${host}` });
  const told = status === 200 || status === 201 ? "without a token" : `with status ${status}`;
  return err(
    clientProblem("identity_request_refused", { platform, host, status: told, mend: { lines: [mend] } }),
  );
}

function tokenIn(text: string, member: string | undefined): string | undefined {
  if (member === undefined) return text.trim() || undefined;
  const body = parseStrictJson(text);
  return isJsonObject(body) ? stringClaim(body, member) || undefined : undefined;
}

/** A URL with one more parameter, or another value of it. */
export function withParameter(url: string, name: string, value: string): string {
  const target = new URL(url);
  target.searchParams.set(name, value);
  return target.href;
}
