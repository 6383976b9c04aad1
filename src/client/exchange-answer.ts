import { isRobotName } from "../domain/access/names.ts";
import { Secret } from "../domain/accounts/secret.ts";
import { stringClaim } from "../domain/identity/claims.ts";
import {
  isJsonObject,
  JsonNumber,
  type JsonObject,
  parseStrictJson,
} from "../domain/identity/strict-json.ts";
import type { HttpAnswer } from "./http-request.ts";

/** What an exchange gave. */
export interface Earned {
  /** The robot account's name, which is the user name at the registry. */
  readonly username: string;
  readonly credential: Secret;
  /** Unix seconds, by this machine's clock. */
  readonly expiresAt: number;
  /** What was granted, in Docker's syntax. */
  readonly scope: string;
}

/** What Berth said when it refused. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly description: string;
  readonly requestId: string;
  /** Berth's own time of the answer, Unix milliseconds. */
  readonly answeredAt?: number;
}

/**
 * A b64token (RFC 6750 §2.1). A credential goes into files, variables and the command that masks it: a line break, a
 * percent sign or a bracket would make that another one.
 */
const CREDENTIAL = /^[\w.~+/-]{8,512}=*$/;
/** Seconds; Berth gives an hour at most. What never ends is no credential, and no date either. */
const MAX_LIFETIME = 24 * 3600;

/** @param sentAt Unix milliseconds, before the request was sent: so the credential's end is never taken for later. */
export function earnedFrom(answer: HttpAnswer, sentAt: number): Earned | undefined {
  const body = answer.status === 200 ? objectOf(answer) : undefined;
  if (body === undefined) return undefined;
  const credential = stringClaim(body, "access_token") ?? "";
  const username = stringClaim(body, "username") ?? "";
  const seconds = body.get("expires_in");
  const lifetime = seconds instanceof JsonNumber ? seconds.toInteger() : undefined;
  if (!CREDENTIAL.test(credential) || !isRobotName(username) || !isLifetime(lifetime)) return undefined;
  return {
    username,
    credential: new Secret("credential", credential),
    expiresAt: Math.floor(sentAt / 1000) + lifetime,
    scope: stringClaim(body, "scope") ?? "",
  };
}

function isLifetime(seconds: number | undefined): seconds is number {
  return seconds !== undefined && seconds >= 0 && seconds <= MAX_LIFETIME;
}

/** Undefined for what is not Berth's answer. */
export function refusalFrom(answer: HttpAnswer): Refusal | undefined {
  const body = objectOf(answer);
  const reason = body && stringClaim(body, "reason");
  if (body === undefined || reason === undefined) return undefined;
  const answeredAt = Date.parse(answer.headers.date ?? "");
  return {
    status: answer.status,
    reason,
    description: stringClaim(body, "error_description") ?? "",
    requestId: stringClaim(body, "request_id") ?? "unknown",
    ...(Number.isNaN(answeredAt) ? {} : { answeredAt }),
  };
}

function objectOf(answer: HttpAnswer): JsonObject | undefined {
  const value = parseStrictJson(answer.text);
  return isJsonObject(value) ? value : undefined;
}
