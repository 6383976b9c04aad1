import { type Credential, currentNonces } from "../../domain/accounts/credential.ts";
import {
  credentialId,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  type RandomBytes,
  type Secret,
  shardOfHash,
} from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";
import { type Sha256Hex, sha256Hex } from "../../domain/identity/digest.ts";
import { profileNamed, provenanceOf } from "../../domain/identity/profiles/all.ts";
import { MARK_MARGIN_SECONDS, replayKey } from "../../domain/identity/replay-key.ts";
import { CLOCK_TOLERANCE_SECONDS } from "../../domain/identity/token-claims-check.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { formatRuleGrant, type RuleGrant } from "../../domain/rules/api-scope-grant.ts";
import type { Clock, Ledger } from "../ports.ts";
import type { RedeemOutcome, Redemption } from "../store-records.ts";
import type { ChosenRule } from "./choose-rule.ts";
import type { VerifiedIdentity } from "./verify-identity-token.ts";

interface MintDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sha256?: Sha256Hex;
}

/** All that a credential is made of: who earned it, by which rule, and for what. */
export interface Mint extends ChosenRule {
  readonly identity: VerifiedIdentity;
  readonly grant: RuleGrant;
  readonly request: { readonly requestedTtl?: number; readonly retryKey?: string };
  readonly context: RequestContext;
}

interface Minted {
  readonly credential: Secret;
  readonly record: Credential;
}

/**
 * DESIGN §6 step 7: uses the identity token up and writes the credential, in one atomic step of the ledger. An API
 * token is one with API scopes and no access: same record, same liveness, another form to its holder.
 */
export async function mintCredential(
  deps: MintDeps,
  mint: Mint,
): Promise<Result<Minted, Rejection<ExchangeReason>>> {
  const now = deps.clock.now();
  const { issuer, claims, signingInput, times } = mint.identity;
  const key = await replayKey(issuer, claims, signingInput, deps.sha256);
  const reusable = issuer.replay === "reusable";
  // A reusable token's credentials stay with its robot, whose cap is counted in one shard.
  const shard = shardOfHash(reusable ? await sha256Hex(mint.account.robot.uid) : key);
  const newSecret = mint.grant.apiScopes === undefined ? newCredentialSecret : newExchangedApiTokenSecret;
  const credential = newSecret(shard, deps.random);
  const record = newRecord(mint, await credentialId(credential, deps.sha256), Math.floor(now / 1000));
  const redemption: Redemption = {
    shard,
    replayKey: key,
    reusable,
    tokenIssuedAt: times.issuedAt,
    // A shorter memory would reopen the replay window: the token verifies until exp + tolerance.
    markExpiresAt: times.expiresAt + CLOCK_TOLERANCE_SECONDS + MARK_MARGIN_SECONDS,
    credential: record,
    event: grantEvent(mint, record, now),
    now,
    ...(mint.request.retryKey === undefined ? {} : { retryKeyHash: await sha256Hex(mint.request.retryKey) }),
  };
  const outcome = await deps.ledger.redeem(redemption);
  return outcome.kind === "minted" ? ok({ credential, record }) : err(rejection(REFUSALS[outcome.kind]));
}

const REFUSALS = {
  used: "token_used",
  blocked: "token_revoked",
  predates_epoch: "token_predates_store",
  mark_expired: "token_expired",
  clock_skew: "clock_skew",
  too_many: "too_many_credentials",
} as const satisfies Record<Exclude<RedeemOutcome["kind"], "minted">, ExchangeReason>;

function newRecord(mint: Mint, named: Pick<Credential, "id" | "hash">, now: number): Credential {
  const { account, rule, identity, grant } = mint;
  const ttl = Math.min(rule.ttlSeconds, mint.request.requestedTtl ?? rule.ttlSeconds);
  return {
    ...named,
    ...grant,
    robot: account.robot.name,
    robotUid: account.robot.uid,
    ruleId: rule.id,
    nonces: currentNonces(account, rule, identity.issuer.nonce),
    issuer: identity.issuer.url,
    subject: identity.subject,
    provenance: provenanceOf(profileNamed(identity.issuer.profile), identity.claims),
    issuedAt: now,
    expiresAt: now + ttl,
  };
}

function grantEvent(mint: Mint, record: Credential, at: number): AuditEvent {
  return {
    kind: "exchange.granted",
    at,
    ...mint.context,
    robot: record.robot,
    issuer: record.issuer,
    subject: record.subject,
    provenance: record.provenance,
    ruleId: record.ruleId,
    credentialId: record.id,
    scope: formatRuleGrant(mint.grant),
  };
}
