import { stringClaim } from "../domain/identity/claims.ts";
import type { JsonObject } from "../domain/identity/strict-json.ts";
import type { ExchangeReason } from "../domain/rejection.ts";
import { noMatchHints, ruleOfToken } from "./advice-no-match.ts";
import { clockProblem, expiresAt, lifetimeOf, missingClaims } from "./advice-times.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import type { Refusal } from "./exchange-answer.ts";
import { platformNamed } from "./job-identity/all.ts";
import { ownAudiences, ownProfile } from "./own-claims.ts";

/** What an exchange asked for, by the job's own knowledge. */
export interface Asked {
  readonly server: string;
  readonly robot: string;
  readonly scopes: readonly string[];
  readonly ttl?: number;
  /** Name of the platform that gave the identity. */
  readonly platform: string;
  /** Of the job's own token, never verified. */
  readonly claims: JsonObject;
  readonly tokenBytes: number;
  /** Unix milliseconds, by this machine. */
  readonly now: number;
  /** How long the client has tried. */
  readonly seconds: string;
}

type Advise = (refusal: Refusal, asked: Asked) => ClientProblem;

/** What the job is told of each reason for which Berth refuses. What Berth must not tell, the job's own token does. */
const ADVICE: Readonly<Record<ExchangeReason, Advise>> = {
  request_malformed: refused,
  grant_type_unsupported: refused,
  token_type_unsupported: refused,
  token_malformed: refused,
  header_refused: signatureRefused,
  algorithm_refused: signatureRefused,
  key_unknown: signatureRefused,
  signature_invalid: signatureRefused,
  scope_malformed: (_, { scopes }) => clientProblem("scope_malformed", { scope: scopes.join(" ") }),
  scope_not_granted: (_, { scopes, robot }) =>
    clientProblem("scope_not_granted", { scope: scopes.join(" ") || "of a registry", robot }),
  ttl_malformed: (_, { ttl }) => clientProblem("ttl_malformed", { ttl: String(ttl) }),
  token_too_large: (_, { tokenBytes }) => clientProblem("token_too_large", { size: String(tokenBytes) }),
  issuer_unknown: (_, { server, claims }) =>
    clientProblem("issuer_unknown", { server, issuer: issuerOf(claims) }),
  token_expired: tokenExpired,
  token_not_yet_valid: clockProblem,
  token_lifetime_too_long: (_, { claims }) =>
    clientProblem("token_lifetime_too_long", { lifetime: lifetimeOf(claims) }),
  claim_malformed: (_, { claims }) => clientProblem("claim_malformed", { missing: missingClaims(claims) }),
  audience_mismatch: (_, { server, claims, platform }) =>
    clientProblem("audience_refused", {
      server,
      actual: ownAudiences(claims).join(" and "),
      mend: { lines: [platformNamed(platform).otherAudience("that it names")] },
    }),
  no_match: noMatch,
  token_used: (_, { platform }) => clientProblem("token_used", { mend: anotherToken(platform) }),
  token_revoked: (_, { platform }) => clientProblem("token_revoked", { mend: anotherToken(platform) }),
  token_predates_store: (_, { platform }) =>
    clientProblem("token_predates_store", { mend: anotherToken(platform) }),
  too_many_credentials: (_, { robot }) => clientProblem("too_many_credentials", { robot }),
  rate_limited: (_, { server, seconds }) => clientProblem("rate_limited", { server, seconds }),
  keys_unavailable: ({ requestId: request }, { claims, seconds }) =>
    clientProblem("keys_unavailable", { issuer: issuerOf(claims), seconds, request }),
  store_unavailable: unavailable,
  clock_skew: unavailable,
};

/** The problem that a refusal is to this job. A reason of a newer Berth is told in Berth's own words. */
export function exchangeProblem(refusal: Refusal, asked: Asked): ClientProblem {
  const { reason } = refusal;
  return isKnown(reason) ? ADVICE[reason](refusal, asked) : refused(refusal, asked);
}

function isKnown(reason: string): reason is ExchangeReason {
  return Object.hasOwn(ADVICE, reason);
}

function refused({ reason, description, requestId }: Refusal, { server }: Asked): ClientProblem {
  return clientProblem("refused", { server, told: description, reason, request: requestId });
}

function unavailable({ description, requestId }: Refusal, { server, seconds }: Asked): ClientProblem {
  return clientProblem("server_unavailable", { server, told: description, seconds, request: requestId });
}

function signatureRefused({ reason }: Refusal, { claims }: Asked): ClientProblem {
  return clientProblem("signature_refused", { reason, issuer: issuerOf(claims) });
}

/** A token that this machine holds good is refused for a clock; else it is only old. */
function tokenExpired(refusal: Refusal, asked: Asked): ClientProblem {
  const end = expiresAt(asked.claims);
  if (end !== undefined && asked.now < end) return clockProblem(refusal, asked);
  const expires = end === undefined ? "an unknown time" : new Date(end).toISOString();
  return clientProblem("token_expired", { expires, mend: anotherToken(asked.platform) });
}

function noMatch({ requestId }: Refusal, { robot, claims, platform }: Asked): ClientProblem {
  const profile = ownProfile(claims, platform);
  return clientProblem("no_match", {
    robot,
    request: requestId,
    // Each on a line of its own, behind the sentence before.
    hints: { lines: ["", ...noMatchHints(claims, profile)] },
    rule: { lines: ruleOfToken(claims, profile) },
  });
}

function anotherToken(platform: string) {
  return { lines: [platformNamed(platform).anotherToken] };
}

function issuerOf(claims: JsonObject): string {
  return stringClaim(claims, "iss") ?? "nobody";
}
