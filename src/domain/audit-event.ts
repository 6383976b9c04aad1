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
  | "epoch.started";

/** The one record that a decision leaves. Never holds a secret, an identity token or a mail address. */
export interface AuditEvent {
  readonly kind: AuditKind;
  /** Unix milliseconds. */
  readonly at: number;
  readonly requestId: string;
  readonly reason?: string;
  /** What the reason does not say: the failed condition of each rule, the claim that was malformed. */
  readonly detail?: string;
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
