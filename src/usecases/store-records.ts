/** What the two store ports of `ports.ts` take and give: records, changes and outcomes, without behaviour. */
import type { RobotName } from "../domain/access/names.ts";
import type { Registry } from "../domain/access/registry.ts";
import type { Credential, StoredCredential } from "../domain/accounts/credential.ts";
import type { Namespace, Robot } from "../domain/accounts/robot.ts";
import type { AuditEvent } from "../domain/audit-event.ts";
import type { TrustedIssuer } from "../domain/identity/issuer.ts";
import type { KeptNearMiss } from "../domain/near-miss.ts";
import type { PinnedIds } from "../domain/rules/identity-pin.ts";

export interface SystemRecords {
  /** Grows by one with each commit; 0 before the first. */
  readonly revision: number;
  readonly issuers: readonly TrustedIssuer[];
  readonly registries: readonly Registry[];
}

export interface SystemChange {
  readonly fromRevision: number;
  readonly putIssuers: readonly TrustedIssuer[];
  readonly removeIssuers: readonly string[];
  readonly putRegistries: readonly Registry[];
  readonly removeRegistries: readonly string[];
  readonly event: AuditEvent;
}

export interface NamespaceRecords {
  /** Grows by one with each commit, and goes on where it was when a namespace is made anew; 0: there is none. */
  readonly revision: number;
  readonly namespace: Namespace;
  readonly robots: readonly Robot[];
  /** Robot → id of a rule → the ids that its first match recorded; robots without any are left out. */
  readonly pins: Readonly<Record<string, Readonly<Record<string, PinnedIds>>>>;
}

/** One robot's place in the directory. */
export interface RobotRecords {
  /** The namespace's. */
  readonly revision: number;
  readonly namespace: Namespace;
  /** Undefined: the name is free. */
  readonly robot: Robot | undefined;
}

/** The name of a namespace that was removed. */
export interface Reservation {
  readonly name: string;
  /** Unix seconds; 0 for one that a release before this one removed. */
  readonly since: number;
}

export interface RestoreState {
  /** SHA-256 of the backup, in hexadecimal. */
  readonly backup: string;
  /** Unix seconds. */
  readonly startedAt: number;
}

export interface NamespaceChange {
  readonly name: string;
  /** 0 for a namespace that does not exist yet. */
  readonly fromRevision: number;
  /** The namespace as it is after the change; undefined removes it with all its robots. */
  readonly namespace: Namespace | undefined;
  readonly putRobots: readonly Robot[];
  readonly removeRobots: readonly RobotName[];
  readonly event: AuditEvent;
}

export interface IdentityPin {
  readonly robot: RobotName;
  readonly robotUid: string;
  readonly ruleId: string;
  /** At least one. */
  readonly ids: PinnedIds;
  readonly event: AuditEvent;
}

export type CommitOutcome = "committed" | "conflict";

export interface DeclarationState {
  /** SHA-256 of the declaration, in hexadecimal. */
  readonly digest: string;
  readonly revision: number;
}

export interface Redemption {
  /** 0 to 63: of the replay key; of a reusable token, of the robot, so that the robot's cap is exact. */
  readonly shard: number;
  /** SHA-256 in hexadecimal (`domain/identity/replay-key.ts`). */
  readonly replayKey: string;
  readonly reusable: boolean;
  /** SHA-256 of the client's retry key, in hexadecimal. */
  readonly retryKeyHash?: string;
  /** The identity token's `iat`, Unix seconds: refused at or before the birth of the shard's epoch. */
  readonly tokenIssuedAt: number;
  /** Unix seconds until which the mark is kept; in the store's past it is a refusal. */
  readonly markExpiresAt: number;
  /** Its epoch is stamped by the ledger. */
  readonly credential: Credential;
  readonly event: AuditEvent;
  /** The caller's clock in Unix milliseconds: compared with the store's. */
  readonly now: number;
}

export type RedeemOutcome =
  | { readonly kind: "minted" /** The credential that this retry revoked. */; readonly replaced?: string }
  | { readonly kind: "used" | "blocked" | "predates_epoch" | "mark_expired" | "clock_skew" | "too_many" };

/** Credentials of one robot, or of a namespace, or all. */
export interface CredentialQuery {
  readonly namespace?: string;
  readonly robotUid?: string;
  /** Unix seconds. */
  readonly now: number;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface CredentialPage {
  readonly credentials: readonly StoredCredential[];
  /** Absent: there are no more. */
  readonly next?: string;
}

export interface AuditPageRequest {
  readonly limit: number;
  readonly after?: string;
}

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins; absent: there are no more. May stand behind an empty page. */
  readonly next?: string;
}

/** Kinds of what a collection removes; a store that has none of a kind removes none. */
export const SWEEP_KINDS = [
  "robots of removed namespaces",
  "expired marks",
  "expired credentials",
  "expired API tokens",
  "near misses",
  "orphaned records",
] as const;
export type SweepKind = (typeof SWEEP_KINDS)[number];

/** The caller's and the store's clock may differ by this much. */
export const MAX_CLOCK_SKEW_MS = 10_000;
/** Live credentials of one robot under reusable identity tokens. */
export const MAX_REUSABLE_CREDENTIALS = 20;

export interface NearMissRecords {
  readonly misses: readonly KeptNearMiss[];
  /** Tokens of strangers, counted by whole days. */
  readonly others: number;
}
