import { isRobotName } from "../domain/access/names.ts";
import type { Secret } from "../domain/accounts/secret.ts";
import type { ExchangeReason } from "../domain/rejection.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { type Asked, exchangeProblem } from "./advice.ts";
import { audienceProblem } from "./advice-audience.ts";
import { connectionProblem, foreignAnswerProblem } from "./advice-connection.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { type Earned, earnedFrom, refusalFrom } from "./exchange-answer.ts";
import { findJobIdentity } from "./job-identity/find-job-identity.ts";
import type { JobIdentity } from "./job-identity/job-identity.ts";
import { ownAudiences, ownClaims } from "./own-claims.ts";
import { RETRY_FOR_MS, requestUntil } from "./retry.ts";
import { normalServer, wantedAudience } from "./server-url.ts";

export interface ExchangeRequest {
  /** Berth's public URL. */
  readonly server: string;
  readonly robot: string;
  readonly identity: JobIdentity;
  /** Docker scopes to narrow the credential to; none: all that the rule grants. */
  readonly scopes: readonly string[];
  /** Seconds that the credential is to live, at most. */
  readonly ttl?: number;
  /** 22 random characters or more. With the same one, the same identity token gives a successor (DESIGN §6). */
  readonly retryKey: string;
  /** How long to try, milliseconds; a minute unless it is said. */
  readonly retryForMs?: number;
}

/** An exchange whose every part has been looked at. */
interface Prepared extends ExchangeRequest {
  readonly claims: Asked["claims"];
  /** Unix milliseconds. */
  readonly startedAt: number;
}

type Exchanged = Result<Earned, ClientProblem>;

const TIMEOUT_MS = 15_000;
/** Reasons for which Berth refuses an identity token and may take a fresh one. */
const STALE: readonly string[] = [
  "token_expired",
  "token_used",
  "token_predates_store",
] satisfies ExchangeReason[];

/**
 * Trades the identity for a credential. A lost answer, and what says "not now", is tried again with the same
 * retry key until the time is up; a refusal is final, but that a stale identity is once replaced by a fresh one where
 * the platform gives any. A token for another audience than this server's is never sent.
 */
export async function exchangeIdentity(
  environment: ClientEnvironment,
  request: ExchangeRequest,
): Promise<Exchanged> {
  const prepared = prepare(environment, request);
  if (!prepared.ok) return prepared;
  const first = await exchangeOnce(environment, prepared.value);
  if (first.ok) return first;
  const fresh = await freshIdentity(environment, prepared.value, first.error);
  if (fresh === undefined) return err(first.error.problem);
  const again = prepare(environment, { ...request, identity: fresh });
  if (!again.ok) return again;
  const second = await exchangeOnce(environment, { ...again.value, startedAt: prepared.value.startedAt });
  return second.ok ? second : err(second.error.problem);
}

/** Another identity token in place of a stale one, where the platform gives any. */
async function freshIdentity(
  environment: ClientEnvironment,
  { server, identity }: Prepared,
  { reason = "" }: Failure,
): Promise<JobIdentity | undefined> {
  if (!identity.renewable || !STALE.includes(reason)) return undefined;
  const found = await findJobIdentity(environment, server);
  return found.ok && found.value.token !== identity.token ? found.value : undefined;
}

function prepare(environment: ClientEnvironment, request: ExchangeRequest): Result<Prepared, ClientProblem> {
  const { robot, identity } = request;
  if (!isRobotName(robot)) return err(clientProblem("robot_malformed", { robot }));
  const server = normalServer(request.server);
  if (!server.ok) return server;
  const claims = ownClaims(identity.token);
  if (claims === undefined) return err(clientProblem("identity_malformed", { source: identity.platform }));
  const wanted = wantedAudience(environment, server.value);
  const problem = audienceProblem(ownAudiences(claims), wanted, identity.platform);
  if (problem !== undefined) return err(problem);
  return ok({ ...request, server: server.value, claims, startedAt: environment.now() });
}

interface Failure {
  readonly problem: ClientProblem;
  /** Berth's own, where it refused. */
  readonly reason?: string;
}

async function exchangeOnce(
  environment: ClientEnvironment,
  prepared: Prepared,
): Promise<Result<Earned, Failure>> {
  const { server, startedAt, retryForMs = RETRY_FOR_MS } = prepared;
  const outgoing = formRequest(`${server}/oauth2/token`, exchangeForm(prepared));
  // By the clock of the first try: a credential's end must not be taken for later than it is.
  const sentAt = environment.now();
  const answered = await requestUntil(environment, outgoing, startedAt + retryForMs);
  if (!answered.ok) return err({ problem: connectionProblem(environment, server, answered.error) });
  const earned = earnedFrom(answered.value, sentAt);
  if (earned !== undefined) return ok(earned);
  const seconds = secondsSince(startedAt, environment);
  const refusal = refusalFrom(answered.value);
  if (refusal === undefined) {
    return err({ problem: foreignAnswerProblem(server, answered.value, seconds) });
  }
  const problem = exchangeProblem(refusal, askedBy(prepared, environment.now(), seconds));
  return err({ problem, reason: refusal.reason });
}

/** The identity token travels in the body: no URL and no log has it. */
function exchangeForm({ identity, robot, scopes, ttl, retryKey }: ExchangeRequest): URLSearchParams {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    subject_token: identity.token,
    robot,
    retry_key: retryKey,
  });
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  if (ttl !== undefined) form.set("requested_ttl", String(ttl));
  return form;
}

function askedBy(prepared: Prepared, now: number, seconds: string): Asked {
  const { server, robot, scopes, ttl, identity, claims } = prepared;
  return {
    ...{ server, robot, scopes, claims, now, seconds },
    platform: identity.platform,
    tokenBytes: identity.token.length,
    ...(ttl === undefined ? {} : { ttl }),
  };
}

/**
 * Ends a credential. So it is done where Berth does not know it (RFC 7009): revoking twice is as good as once.
 */
export async function revokeCredential(
  environment: ClientEnvironment,
  { server: text, credential }: { readonly server: string; readonly credential: Secret },
): Promise<Result<void, ClientProblem>> {
  const server = normalServer(text);
  if (!server.ok) return server;
  const startedAt = environment.now();
  const form = new URLSearchParams({ token: credential.expose() });
  const outgoing = formRequest(`${server.value}/oauth2/revoke`, form);
  const answered = await requestUntil(environment, outgoing, startedAt + RETRY_FOR_MS);
  if (!answered.ok) return err(connectionProblem(environment, server.value, answered.error));
  if (answered.value.status === 200) return ok(undefined);
  const seconds = secondsSince(startedAt, environment);
  const refusal = refusalFrom(answered.value);
  if (refusal === undefined) return err(foreignAnswerProblem(server.value, answered.value, seconds));
  const { status, reason, description: told, requestId: request } = refusal;
  const facts = { server: server.value, told, request };
  if (status === 429) return err(clientProblem("rate_limited", { server: server.value, seconds }));
  return err(
    status === 503
      ? clientProblem("server_unavailable", { ...facts, seconds })
      : clientProblem("refused", { ...facts, reason }),
  );
}

function formRequest(url: string, form: URLSearchParams) {
  return {
    method: "POST" as const,
    url,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
  };
}

function secondsSince(startedAt: number, { now }: ClientEnvironment): string {
  return String(Math.round((now() - startedAt) / 1000));
}
