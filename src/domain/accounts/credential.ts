import type { GrantableApiScope } from "../access/api-scope.ts";
import type { Access } from "../access/granted-access.ts";
import type { RobotName } from "../access/names.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import { type Account, isEnabled } from "./robot.ts";

/** A registry token never outlives its credential, and clients raise anything shorter to this, so under it a credential counts as expired. */
export const MIN_REGISTRY_TOKEN_SECONDS = 60;
/** How long a record outlives its credential, so that a dead one can be told so. */
export const RECORD_MARGIN_SECONDS = 3600;

/** The nonces under which a credential was minted; it is dead at the first difference. */
export interface Nonces {
  readonly namespace: string;
  readonly robot: string;
  readonly rule: string;
  readonly issuer: string;
}

/** The record of a credential. The credential itself is known to its holder alone. */
export interface Credential extends Access {
  readonly id: string;
  /** SHA-256 of the credential, in hexadecimal: the id alone is 128 bits of it. */
  readonly hash: string;
  readonly robot: RobotName;
  readonly robotUid: string;
  readonly ruleId: string;
  /** Of an API token that an identity token earned: what it may do. It then grants nothing at a registry. */
  readonly apiScopes?: readonly GrantableApiScope[];
  readonly nonces: Nonces;
  readonly issuer: string;
  readonly subject: string;
  /** The claims by which an auditor finds the run, as the issuer's profile lists them. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly revokedAt?: number;
}

/** A credential as the ledger keeps it, with what else decides whether it lives. */
export interface StoredCredential {
  readonly credential: Credential;
  /** Whether the epoch under which it was minted is still its shard's. */
  readonly epochStands: boolean;
}

export type CredentialState = "alive" | "expired" | "revoked";

/**
 * Whether a credential, whose holder has proved to hold it, still opens anything for `account` (undefined: that
 * robot is gone). Deleting a rule, disabling an issuer or regenerating a robot shows here, without a sweep.
 */
export function credentialState(
  stored: StoredCredential,
  account: Account | undefined,
  issuerNonce: string | undefined,
  now: number,
): CredentialState {
  const { credential } = stored;
  if (credential.revokedAt !== undefined || !stored.epochStands) return "revoked";
  if (account === undefined || !isEnabled(account) || account.robot.uid !== credential.robotUid)
    return "revoked";
  const rule = account.robot.rules.find((candidate) => candidate.id === credential.ruleId);
  if (rule === undefined || !rule.enabled || issuerNonce === undefined) return "revoked";
  if (!sameNonces(credential.nonces, currentNonces(account, rule, issuerNonce))) return "revoked";
  return credential.expiresAt - now < MIN_REGISTRY_TOKEN_SECONDS ? "expired" : "alive";
}

export function currentNonces(account: Account, rule: FederationRule, issuerNonce: string): Nonces {
  return {
    namespace: account.namespace.nonce,
    robot: account.robot.nonce,
    rule: rule.nonce,
    issuer: issuerNonce,
  };
}

function sameNonces(left: Nonces, right: Nonces): boolean {
  return (
    left.namespace === right.namespace &&
    left.robot === right.robot &&
    left.rule === right.rule &&
    left.issuer === right.issuer
  );
}
