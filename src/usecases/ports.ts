/** What the use cases need from outside. An adapter of a port passes that port's suite in `test/contracts/`. */

import type { RobotName } from "../domain/access/names.ts";
import type { Registry } from "../domain/access/registry.ts";
import type { ApiToken } from "../domain/accounts/api-token.ts";
import type { StoredCredential } from "../domain/accounts/credential.ts";
import type { Account, Namespace, Robot } from "../domain/accounts/robot.ts";
import type { AuditEvent } from "../domain/audit-event.ts";
import type { AuditQuery } from "../domain/audit-query.ts";
import type { TrustedIssuer } from "../domain/identity/issuer.ts";
import type { StoredKey } from "../domain/keys/stored-key.ts";
import type { NearMissCandidate, NearMissSighting } from "../domain/near-miss.ts";
import type { PinnedIds } from "../domain/rules/identity-pin.ts";
import type {
  AuditPage,
  AuditPageRequest,
  CommitOutcome,
  CredentialPage,
  CredentialQuery,
  DeclarationState,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
  NearMissRecords,
  RedeemOutcome,
  Redemption,
  Reservation,
  RestoreState,
  RobotRecords,
  SweepKind,
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
  /** One robot's place, for a change of it: reads none of the others. Undefined when there is no such namespace. */
  readRobot(name: RobotName): Promise<RobotRecords | undefined>;
  /**
   * Robots of a namespace in the order of their names (by code units), behind the name `after` ("": from the first),
   * at most `limit`; fewer: there are no more. None of a namespace that there is not.
   */
  listRobots(namespace: string, after: string, limit: number): Promise<readonly Robot[]>;

  /** Names of namespaces that were removed: nobody takes one before it is released. */
  listReservations(): Promise<readonly Reservation[]>;
  /** Frees a reserved name, with the event, in one transaction. Returns whether it was reserved. */
  releaseName(name: string, event: AuditEvent): Promise<boolean>;

  /**
   * Writes a change and its audit event in one transaction, if the records are still at the revision that the
   * change was made from; otherwise writes nothing and returns "conflict".
   */
  commitSystem(change: SystemChange): Promise<CommitOutcome>;
  commitNamespace(change: NamespaceChange): Promise<CommitOutcome>;

  /** How far a restore has come; undefined when none is under way. While one is, no server starts. */
  readRestoreState(): Promise<RestoreState | undefined>;
  writeRestoreState(state: RestoreState | undefined): Promise<void>;

  /** Every key, private parts encrypted. */
  readKeys(): Promise<readonly StoredKey[]>;
  /** Writes a key if no key has its name. Returns whether this call wrote it; the caller reads back. */
  addKey(key: StoredKey): Promise<boolean>;
  replaceKey(key: StoredKey): Promise<void>;
  removeKey(name: string): Promise<void>;

  /** The declaration that was applied last in that series (`file`: a server's own file); undefined when none was. */
  readDeclarationState(series: string): Promise<DeclarationState | undefined>;
  writeDeclarationState(series: string, state: DeclarationState): Promise<void>;
  /** Those of every series, by its name. */
  listDeclarationStates(): Promise<ReadonlyMap<string, DeclarationState>>;

  /**
   * Takes or renews the lease `name` for `holder`. Returns false while another holds it.
   * By the store's clock, so that a holder with a wrong clock cannot keep it.
   */
  acquireLease(name: string, holder: string, seconds: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;

  /**
   * Resolves when what was read last of the namespace (absent: of what belongs to none, API tokens included) is kept
   * as safely as a change that was answered. For who finds done what an earlier call, that failed, may have done.
   */
  confirm(namespace?: string): Promise<void>;

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

  /** Credentials that have not expired, revoked ones included, a page at a time in an order of the store's own. */
  listCredentials(query: CredentialQuery): Promise<CredentialPage>;

  /** Appends events that are not part of a write of their own. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /** The newest events first, at most `limit`. */
  readEvents(limit: number): Promise<readonly AuditEvent[]>;

  /** Gives every shard a new epoch, born now: every credential is dead, every identity token issued so far refused. */
  startEpoch(event: AuditEvent): Promise<void>;

  ping(): Promise<void>;
}

/** API tokens, as the directory's store keeps them; those that identity tokens earned are in the ledger. */
export interface ApiTokens {
  find(id: string): Promise<ApiToken | undefined>;
  /** By the time of their creation. */
  list(): Promise<readonly ApiToken[]>;
  /**
   * Writes a token and its event in one transaction. With `first`, only if no token with `super:user` has ever been
   * written, and returns whether it was: of two calls at once one gets through. The same token again gives the same
   * answer while it is there, and another under its id is not written.
   */
  add(token: ApiToken, event: AuditEvent, only?: "first"): Promise<boolean>;
  /** Removes a token, with the event; false, and nothing written, when there is none. */
  remove(id: string, event: AuditEvent): Promise<boolean>;
}

/** The audit record of both stores, read. */
export interface AuditLog {
  /** Events that `matchesAuditQuery`, the newest first, a page at a time. */
  query(query: AuditQuery, page: AuditPageRequest): Promise<AuditPage>;
  /** Removes the events, and the near misses, of identity tokens with that `sub`. Returns how many went. */
  purgeSubject(subject: string): Promise<number>;
}

/** What deletion and time leave behind in a store, and nothing that anything rests on. */
export interface Sweeper {
  /** Removes at most `limit` of one kind; fewer than `limit`: none is left. `now` in Unix milliseconds. */
  sweep(kind: SweepKind, limit: number, now: number): Promise<number>;
}

/** Takes events that no write of their own carries: at most a second late; a loss is counted and shown. */
export interface AuditTrail {
  /**
   * @param candidate What the token of a refused exchange said: it may become a near miss when the answer is long
   *   gone. Given for every `no_match`, whatever its cause, so that they cost the same.
   */
  add(event: AuditEvent, candidate?: NearMissCandidate): void;
}

/** How much one key may do, as this process has seen it: so much at once, and so much a second. */
export interface RateLimit {
  /** Takes one: 0. Where none is left, nothing is taken, and it says in how many seconds (whole, 1 at least) one is. */
  take(key: string): number;
  /** What `take` would say, without taking. */
  wait(key: string): number;
  /** Takes one that is already spent, into debt where none is left: at most another burst. */
  charge(key: string): void;
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
