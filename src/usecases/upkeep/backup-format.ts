import type { Registry } from "../../domain/access/registry.ts";
import type { ApiToken } from "../../domain/accounts/api-token.ts";
import type { Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { DeclarationState, Reservation } from "../store-records.ts";

/** The version of the form. A release that changes it raises it, and says which older ones it reads. */
export const BACKUP_FORMAT = 1;

/** The first line. */
export interface BackupHeader {
  readonly record: "header";
  readonly format: number;
  /** The release of Berth that made it. */
  readonly berth: string;
  /** RFC 3339. */
  readonly madeAt: string;
  /** The kind of store that it was made from: it fits any. */
  readonly store: string;
}

/** What may stand in a line of its own, by the name that the line gives it. */
interface BackupValues {
  readonly issuer: TrustedIssuer;
  readonly registry: Registry;
  /** Its robots follow it. */
  readonly namespace: Namespace;
  readonly robot: BackedUpRobot;
  readonly key: StoredKey;
  readonly apiToken: ApiToken;
  readonly declaration: BackedUpDeclaration;
  readonly reservation: Reservation;
}
export type BackupKind = keyof BackupValues;

export type BackupItem = {
  readonly [Kind in BackupKind]: { readonly record: Kind; readonly value: BackupValues[Kind] };
}[BackupKind];

export interface BackedUpRobot {
  readonly robot: Robot;
  /** Id of a rule → the ids that its first match recorded. */
  readonly pins: Readonly<Record<string, PinnedIds>>;
}

export interface BackedUpDeclaration extends DeclarationState {
  /** Absent: `file`, the server's own, as backups have it that knew no other. */
  readonly series?: string;
}

/** The last line. A file without it was cut off. */
export interface BackupFooter {
  readonly record: "footer";
  readonly counts: BackupCounts;
  /** SHA-256 of all lines before, each with its line feed, in hexadecimal. */
  readonly sha256: string;
}

/** How many lines of each kind there are, for people: a kind without any is left out. */
export type BackupCounts = Readonly<Partial<Record<BackupKind, number>>>;

/** A backup that was read whole, and found whole. */
export interface Backup {
  readonly header: BackupHeader;
  /** The footer's, by which one backup is told from another. */
  readonly sha256: string;
  readonly issuers: readonly TrustedIssuer[];
  readonly registries: readonly Registry[];
  readonly namespaces: readonly BackedUpNamespace[];
  readonly keys: readonly StoredKey[];
  readonly apiTokens: readonly ApiToken[];
  readonly declarations: readonly BackedUpDeclaration[];
  readonly reservations: readonly Reservation[];
}

export interface BackedUpNamespace {
  readonly namespace: Namespace;
  readonly robots: readonly BackedUpRobot[];
}

/** A SHA-256 that takes its text in parts: WebCrypto wants all of it at once. */
export interface TextDigest {
  update(text: string): void;
  /** In hexadecimal; ends it. */
  hex(): string;
}
