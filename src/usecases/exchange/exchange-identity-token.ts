import type { RobotName } from "../../domain/access/names.ts";
import type { Credential } from "../../domain/accounts/credential.ts";
import type { RandomBytes, Secret } from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";
import type { Sha256Hex } from "../../domain/identity/digest.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type AskedGrant, formatRuleGrant, grantOfRule } from "../../domain/rules/api-scope-grant.ts";
import type { AuditTrail, Directory, Ledger, RateLimit } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { chooseRule } from "./choose-rule.ts";
import { limitFailures } from "./limit-failures.ts";
import { mintCredential } from "./mint-credential.ts";
import { pinIdentity } from "./pin-identity.ts";
import {
  type ExchangeRefusal,
  type VerificationDeps,
  type VerifiedIdentity,
  verifyIdentityToken,
} from "./verify-identity-token.ts";

export interface ExchangeDeps extends VerificationDeps {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly trail: AuditTrail;
  readonly random: RandomBytes;
  /** The runtime's own; absent: the web's. */
  readonly sha256?: Sha256Hex;
  /** Of failures after the signature, by issuer and tenant. */
  readonly failureLimit: RateLimit;
  /** The least time in milliseconds from the signature to a `no_match`, so that its causes take equally long. */
  readonly refusalDelayMs: number;
}

export interface ExchangeRequest extends AskedGrant {
  readonly subjectToken: string;
  /** The bound on `subjectToken` by the way it came: MAX_IDENTITY_TOKEN_BYTES, or less in a header. */
  readonly maxTokenBytes: number;
  readonly robot: RobotName;
  /** Seconds; shortens the rule's lifetime. */
  readonly requestedTtl?: number;
  /** At least 128 random bits of the client's, by which it may ask again for a lost answer. */
  readonly retryKey?: string;
}

interface Exchanged {
  /** The credential, or the API token, itself: shown once, to the caller, kept as a hash. */
  readonly credential: Secret;
  readonly record: Credential;
  /** What was granted: API scopes, or what Docker's scope syntax has for it. */
  readonly scope: string;
}

type Outcome = Result<Exchanged, Rejection<ExchangeReason>>;
/** Either way with the name of the issuer's family, for the metrics. */
type CountedOutcome = Result<Exchanged & { readonly profile: string }, ExchangeRefusal>;

/**
 * An identity token in, a credential out: verify, choose the rule, narrow, redeem. Of a rule that grants API scopes it
 * is an API token, which is a credential in all but what it opens.
 *
 * The token is used up after the match, so that a mismatch burns nothing, and before anything is handed out, so
 * that of one token there are never two credentials.
 */
export async function exchangeIdentityToken(
  deps: ExchangeDeps,
  request: ExchangeRequest,
  context: RequestContext,
): Promise<CountedOutcome> {
  return refuseWhenUnavailable(async () => {
    const verified = await verifyIdentityToken(deps, request.subjectToken, request.maxTokenBytes);
    if (!verified.ok) return verified;
    const { profile } = verified.value.issuer;
    const verifiedAt = deps.clock.now();
    const outcome = await limitFailures(deps.failureLimit, verified.value, () =>
      exchangeVerified(deps, request, verified.value, context),
    );
    if (outcome.ok) return ok({ ...outcome.value, profile });
    const refused = err({ ...outcome.error, profile });
    // The failures before it are in the record; a flood is for the log and the metrics.
    if (outcome.error.reason === "rate_limited") return refused;
    const event = refusalEvent(deps, request, verified.value, context, outcome.error);
    if (outcome.error.reason !== "no_match") deps.trail.add(event);
    else {
      deps.trail.add(event, nearMissCandidate(event, request, verified.value));
      await deps.clock.waitUntil(verifiedAt + deps.refusalDelayMs);
    }
    return refused;
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
  const { issuer, claims } = identity;
  const grant = grantOfRule(account.robot, rule, request, {
    claims,
    profile: profileNamed(issuer.profile),
    replay: issuer.replay,
  });
  // The token is not used up: it is kept for a better try.
  if (grant === undefined) return err(rejection("scope_not_granted", `rule ${rule.id}`));
  const minted = await mintCredential(deps, { ...chosen.value, identity, grant, request, context });
  return minted.ok ? ok({ ...minted.value, scope: formatRuleGrant(grant) }) : minted;
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
