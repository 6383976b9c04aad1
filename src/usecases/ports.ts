/** What the use cases need from outside. An adapter of a port passes that port's suite in `test/contracts/`. */

import type { AccessEntry } from "../domain/access/granted-access.ts";
import type { RobotName } from "../domain/access/names.ts";
import type { Registry } from "../domain/access/registry.ts";
import type { StoredCredential } from "../domain/accounts/credential.ts";
import type { Account, Namespace } from "../domain/accounts/robot.ts";
import type { AuditEvent } from "../domain/audit-event.ts";
import type { UnverifiedIdentityToken } from "../domain/identity/identity-token.ts";
import type { TrustedIssuer } from "../domain/identity/issuer.ts";
import type { CheckedHeader } from "../domain/identity/token-header-check.ts";
import type { KeyRequest } from "../domain/keys/key-series.ts";
import type { StoredKey } from "../domain/keys/stored-key.ts";
import type { NearMissCandidate, NearMissSighting } from "../domain/near-miss.ts";
import type { PinnedIds } from "../domain/rules/identity-pin.ts";
import type {
  CommitOutcome,
  DeclarationState,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
  NearMissRecords,
  RedeemOutcome,
  Redemption,
  SystemChange,
  SystemRecords,
} from "./store-records.ts";

/**
 * A dependency that did not answer, or answered that it cannot. Every adapter throws this and nothing else for
 * such a case; at the edge it is a 503, never a grant.
 */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** The time in Unix milliseconds, and a wait until a moment of it. */
export interface Clock {
  now(): number;
  waitUntil(unixMilliseconds: number): Promise<void>;
}

/** The part of the verification that needs keys. */
export interface SignatureVerifier {
  /**
   * Finds the key of `issuer` and verifies the signature, and once more the times and the audience that
   * `domain/` checks. One refresh a cool-down for an unknown key id or a bad signature, claimed before the fetch.
   *
   * @param now Unix seconds.
   */
  verify(
    token: UnverifiedIdentityToken,
    header: CheckedHeader,
    issuer: TrustedIssuer,
    now: number,
  ): Promise<SignatureVerdict>;
}

export type SignatureVerdict =
  | "verified"
  | "key_unknown"
  | "signature_invalid"
  | "token_expired"
  | "token_not_yet_valid"
  | "audience_mismatch"
  | "claim_malformed"
  /** No key of this issuer could be had: its discovery or key set is out of reach, and no good copy is left. */
  | "keys_unavailable";

/**
 * What operators and namespaces write. Accounts are read afresh for each decision; issuers and registries may be
 * one second old (`adapters/directory/cached-system.ts`).
 */
export interface Directory {
  /** The hot read: one round trip. Undefined for an unknown namespace or robot. */
  findAccount(robot: RobotName): Promise<Account | undefined>;

  /**
   * Records the ids of a rule's first match, with the event, unless ids of that rule are recorded already: one
   * atomic step. Returns the ids that stand, this call's or an earlier one's; undefined, and nothing written, when
   * the robot is gone or is another one of that name. `commitNamespace` removes them with the robot or the rule.
   */
  pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined>;

  /** Issuers and registries, whole. */
  readSystem(): Promise<SystemRecords>;
  /** A namespace with its robots, whole; undefined when there is none. */
  readNamespace(name: string): Promise<NamespaceRecords | undefined>;
  listNamespaces(): Promise<readonly Namespace[]>;

  /**
   * Writes a change and its audit event in one transaction, if the records are still at the revision that the
   * change was made from; otherwise writes nothing and returns "conflict".
   */
  commitSystem(change: SystemChange): Promise<CommitOutcome>;
  commitNamespace(change: NamespaceChange): Promise<CommitOutcome>;

  /** Every key, private parts encrypted. */
  readKeys(): Promise<readonly StoredKey[]>;
  /** Writes a key if no key has its name. Returns whether this call wrote it; the caller reads back. */
  addKey(key: StoredKey): Promise<boolean>;
  replaceKey(key: StoredKey): Promise<void>;
  removeKey(name: string): Promise<void>;

  /** The declaration file that was applied last; undefined when none was. */
  readDeclarationState(): Promise<DeclarationState | undefined>;
  writeDeclarationState(state: DeclarationState): Promise<void>;

  /**
   * Takes or renews the lease `name` for `holder`. Returns false while another holds it.
   * By the store's clock, so that a holder with a wrong clock cannot keep it.
   */
  acquireLease(name: string, holder: string, seconds: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;

  /** Resolves when the store answers; throws UnavailableError otherwise. */
  ping(): Promise<void>;
}

/** The directory's issuers and registries, at most one second old. */
export interface System {
  findIssuer(url: string): Promise<TrustedIssuer | undefined>;
  findRegistry(service: string): Promise<Registry | undefined>;
}

/** What exchanges write: used identity tokens, credentials, audit events. 64 shards; a record never leaves its own. */
export interface Ledger {
  /**
   * Gives each shard that has none an epoch, born now by the store's clock. Called at start: an identity token
   * issued before a shard's epoch is refused, since nothing here could know that it was used.
   */
  open(): Promise<void>;

  /**
   * The one atomic write of an exchange: token used + credential + audit event. The same redemption again (same
   * credential id) gives the same answer, so that a lost answer may be sent for once more.
   *
   * Of any number of redemptions of one single-use token, at any time, at most one credential is alive.
   */
  redeem(redemption: Redemption): Promise<RedeemOutcome>;

  /** The record with that id, with its shard's epoch, in one read. It stays RECORD_MARGIN_SECONDS past its end. */
  findCredential(id: string): Promise<StoredCredential | undefined>;

  /**
   * Marks a credential revoked and records the event, atomically. Of a reusable identity token it also blocks
   * the token. Returns "unknown" for no record, "unchanged" if it was revoked already.
   *
   * @param at Unix seconds.
   */
  revoke(id: string, at: number, event: AuditEvent): Promise<"revoked" | "unchanged" | "unknown">;

  /** Appends events that are not part of a write of their own. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /** The newest events first, at most `limit`. */
  readEvents(limit: number): Promise<readonly AuditEvent[]>;

  /** Gives every shard a new epoch, born now: every credential is dead, every identity token issued so far refused. */
  startEpoch(event: AuditEvent): Promise<void>;

  ping(): Promise<void>;
}

/** Signs registry tokens with the key that a registry verifies. */
export interface Signer {
  sign(registry: Registry, claims: RegistryTokenClaims): Promise<string>;
}

/** Docker token specification; `aud` a string and the times integers, since distribution 2.8 takes nothing else. */
export interface RegistryTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  readonly jti: string;
  readonly access: readonly AccessEntry[];
}

/** Makes Berth's keys: key pairs, their certificates, and the encryption of what must not be read. */
export interface KeyMaker {
  /** A new key, not yet written anywhere. */
  make(request: KeyRequest): Promise<StoredKey>;
  /**
   * Why the private part of `key` cannot be read, as a sentence that names the record and the encryption key's
   * id; undefined when it can.
   */
  findFault(key: StoredKey): Promise<string | undefined>;
}

/** Public halves of Berth's keys. */
export interface PublishedKeys {
  /** The CA certificate, PEM: the `rootcertbundle` of a distribution registry. */
  caPem(): Promise<string>;
  /** JWK Set of the keys of `kid` registries, those that are published ahead of their use included. */
  jwks(): Promise<{ readonly keys: readonly object[] }>;
}

/** Takes events that no write of their own carries: at most a second late; a loss is counted and shown. */
export interface AuditTrail {
  /**
   * @param candidate What the token of a refused exchange said: it may become a near miss when the answer is long
   *   gone. Given for every `no_match`, whatever its cause, so that they cost the same.
   */
  add(event: AuditEvent, candidate?: NearMissCandidate): void;
}

/** Part of the ledger's store: verified tokens that matched no rule, by namespace. Nothing rests on them. */
export interface NearMissStore {
  /**
   * Writes what one namespace's refusals were. Of a near miss that is there it raises the count and takes the newer
   * claims; of each tenant the MAX_NEAR_MISSES_PER_TENANT that were seen last stay.
   *
   * @param others How many tokens of strangers there were.
   * @param now Unix milliseconds: what is older than NEAR_MISS_DAYS goes.
   */
  keep(namespace: string, sightings: readonly NearMissSighting[], others: number, now: number): Promise<void>;
  /** What is younger than NEAR_MISS_DAYS, in no order. */
  read(namespace: string, now: number): Promise<NearMissRecords>;
}
