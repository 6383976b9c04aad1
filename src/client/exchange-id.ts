import { createHash } from "node:crypto";
import { encodeBase64url } from "../domain/identity/base64url.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { JobIdentity } from "./job-identity/job-identity.ts";

/** What a credential is asked for. */
export interface Wish {
  readonly server: string;
  readonly robot: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly ttl?: number;
}

/** 192 bits: more than the 128 that Berth asks for (DESIGN §6). */
const RETRY_KEY_BYTES = 24;

export function newRetryKey({ random }: ClientEnvironment): string {
  return encodeBase64url(random(RETRY_KEY_BYTES));
}

/**
 * Tells an exchange from every other. Two that are alike share a retry key, so that the later one gets a successor of
 * the credential where the identity token is the job's only one. Two that differ do not: the wish of one must not end
 * the credential of the other.
 */
export function exchangeIdOf({ token }: JobIdentity, { server, robot, scopes }: Wish): string {
  const parts = JSON.stringify([token, server, robot, scopes.toSorted()]);
  return createHash("sha256").update(parts).digest("hex").slice(0, 32);
}

/** For finding a credential again without keeping it. */
export function hashOf(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}
