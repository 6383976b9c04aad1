/** Every kind of decision that leaves a record. */
export type AuditKind =
  | "exchange.granted"
  | "exchange.refused"
  | "registry_token.granted"
  | "registry_token.refused"
  | "credential.revoked"
  | "robot_token.regenerated"
  | "directory.changed"
  | "identity.pinned"
  | "epoch.started"
  | "credentials.cut_off"
  | "api_token.created"
  | "api_token.revoked"
  | "namespace.released"
  | "audit.purged"
  | "store.restored"
  | "keys.changed";

/** What a change did to one object, each as its owner may read it: without hashes and nonces. */
export interface AuditChange {
  /** `robot acme+builder`, `issuer https://…` */
  readonly object: string;
  /** Absent: it was not there. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** Absent: it is gone. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/** The one record that a decision leaves. Never holds a secret, an identity token or a mail address. */
export interface AuditEvent {
  readonly kind: AuditKind;
  /** Unix milliseconds. */
  readonly at: number;
  readonly requestId: string;
  readonly reason?: string;
  /** What the reason does not say: the failed condition of each rule, the claim that was malformed. */
  readonly detail?: string;
  /** Of a change: who made it (`Caller.actor`), or `file` for the declaration file at start. */
  readonly actor?: string;
  /** What a change of the directory did, at most MAX_AUDIT_CHANGES objects. */
  readonly changes?: readonly AuditChange[];
  /** The namespace that it is about, where no robot says so. */
  readonly namespace?: string;
  readonly robot?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly provenance?: Readonly<Record<string, string>>;
  readonly ruleId?: string;
  readonly credentialId?: string;
  /** The credential that a retry replaced. */
  readonly replacedCredentialId?: string;
  readonly registry?: string;
  /** What was granted, in Docker's scope syntax. */
  readonly scope?: string;
  readonly clientAddress?: string;
}

/** Who asks, for the record: not for a decision. */
export interface RequestContext {
  readonly requestId: string;
  readonly clientAddress?: string;
}

export const MAX_AUDIT_CHANGES = 50;
