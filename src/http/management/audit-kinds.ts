import * as z from "zod";
import type { AuditKind } from "../../domain/audit-event.ts";

/** Every kind of event, and what leaves it. */
const MEANINGS = {
  "exchange.granted": "an identity token earned a credential",
  "exchange.refused": "an exchange was refused behind the signature",
  "registry_token.granted": "a registry token was given",
  "registry_token.refused": "a registry token was refused",
  "credential.revoked": "a credential was revoked",
  "robot_token.regenerated": "a robot account got a new robot token",
  "directory.changed": "somebody changed the directory",
  "identity.pinned": "the first match of a rule recorded who it was",
  "epoch.started": "the ledger began anew",
  "credentials.cut_off": "somebody ended credentials at once",
  "api_token.created": "an API token was made",
  "api_token.revoked": "an API token was revoked",
  "namespace.released": "the name of a deleted namespace was released",
  "audit.purged": "a subject's events were removed",
  "store.restored": "a backup was restored",
  "keys.changed": "Berth's keys changed",
} as const satisfies Record<AuditKind, string>;

const KINDS = Object.keys(MEANINGS) as AuditKind[];

export const auditKindField = z.enum(KINDS).meta({
  description: Object.entries(MEANINGS)
    .map(([kind, meaning]) => `\`${kind}\`: ${meaning}`)
    .join("; "),
});
