import type { DockerScope } from "../../domain/access/docker-scope.ts";
import { type Access, formatAccess } from "../../domain/access/granted-access.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import type { RandomBytes, Secret } from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { isEmpty, narrowAccess } from "../../domain/rules/grant.ts";
import type { AuditTrail, Directory, Ledger } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { chooseRule } from "./choose-rule.ts";
import { mintCredential } from "./mint-credential.ts";
import { pinIdentity } from "./pin-identity.ts";
import {
  type VerificationDeps,
  type VerifiedIdentity,
  verifyIdentityToken,
} from "./verify-identity-token.ts";

export interface ExchangeDeps extends VerificationDeps {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly trail: AuditTrail;
  readonly random: RandomBytes;
  /** The least time in milliseconds from the signature to a `no_match`, so that its causes take equally long. */
  readonly refusalDelayMs: number;
}

export interface ExchangeRequest {
  readonly subjectToken: string;
  /** The bound on `subjectToken` by the way it came: MAX_IDENTITY_TOKEN_BYTES, or less in a header. */
  readonly maxTokenBytes: number;
  readonly robot: RobotName;
  /** Narrows the rule's permissions; empty: all of them. */
  readonly scopes: readonly DockerScope[];
  /** Seconds; shortens the rule's lifetime. */
  readonly requestedTtl?: number;
  /** At least 128 random bits of the client's, by which it may ask again for a lost answer. */
  readonly retryKey?: string;
}

interface Exchanged {
  /** The credential itself: shown once, to the caller, kept as a hash. */
  readonly credential: Secret;
  readonly record: Credential;
  /** What was granted, in Docker's scope syntax. */
  readonly scope: string;
}

type Outcome = Result<Exchanged, Rejection<ExchangeReason>>;

/**
 * An identity token in, a credential out: verify, choose the rule, narrow, redeem.
 *
 * The token is used up after the match, so that a mismatch burns nothing, and before anything is handed out, so
 * that of one token there are never two credentials.
 */
export async function exchangeIdentityToken(
  deps: ExchangeDeps,
  request: ExchangeRequest,
  context: RequestContext,
): Promise<Outcome> {
  return refuseWhenUnavailable(async () => {
    const verified = await verifyIdentityToken(deps, request.subjectToken, request.maxTokenBytes);
    if (!verified.ok) return verified;
    const verifiedAt = deps.clock.now();
    const outcome = await exchangeVerified(deps, request, verified.value, context);
    if (outcome.ok) return outcome;
    const event = refusalEvent(deps, request, verified.value, context, outcome.error);
    if (outcome.error.reason !== "no_match") deps.trail.add(event);
    else {
      deps.trail.add(event, nearMissCandidate(event, request, verified.value));
      await deps.clock.waitUntil(verifiedAt + deps.refusalDelayMs);
    }
    return outcome;
  });
}

async function exchangeVerified(
  deps: ExchangeDeps,
  request: ExchangeRequest,
  identity: VerifiedIdentity,
  context: RequestContext,
): Promise<Outcome> {
  const chosen = await chooseRule(deps.directory, request.robot, identity);
  if (!chosen.ok) return chosen;
  // Before any other answer: `scope_not_granted` would tell a changed identity that a rule knows its name.
  const pinned = await pinIdentity(deps, chosen.value, identity, context);
  if (!pinned.ok) return pinned;
  const { account, rule } = chosen.value;
  const access: Access = narrowAccess(account.robot, rule, request.scopes, {
    claims: identity.claims,
    profile: profileNamed(identity.issuer.profile),
  });
  // Nothing asked for, or no variable of the rule's repositories filled: the token is kept for a better try.
  if (isEmpty(access) && request.scopes.length + (rule.permissions?.length ?? 0) > 0) {
    return err(rejection("scope_not_granted", `rule ${rule.id}`));
  }
  const minted = await mintCredential(deps, { ...chosen.value, identity, access, request, context });
  return minted.ok ? ok({ ...minted.value, scope: formatAccess(access) }) : minted;
}

function refusalEvent(
  deps: ExchangeDeps,
  request: ExchangeRequest,
  identity: VerifiedIdentity,
  context: RequestContext,
  refused: Rejection<ExchangeReason>,
): AuditEvent {
  return {
    kind: "exchange.refused",
    at: deps.clock.now(),
    ...context,
    ...refused,
    robot: request.robot,
    issuer: identity.issuer.url,
    subject: identity.subject,
  };
}

/** Whether anything of it is kept is decided after the answer, which so costs the same for every cause. */
function nearMissCandidate(
  { at, requestId }: AuditEvent,
  { robot }: ExchangeRequest,
  { issuer, claims }: VerifiedIdentity,
): NearMissCandidate {
  return { requestId, at, robot, profile: issuer.profile, claims };
}
