import type { RobotName } from "../access/names.ts";
import type { Permission } from "../access/permission.ts";
import type { Registry } from "../access/registry.ts";
import type { AuditChange } from "../audit-event.ts";
import { canonicalJson } from "../canonical-json.ts";
import { sha256Hex } from "../identity/digest.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import type { Namespace } from "./robot.ts";

/** `managedBy` of what a server's declaration file brings. */
export const FILE_OWNER = "file";
/** `managedBy` of what was made over the API's other ways. */
export const API_OWNER = "api";

/** The directory as its owner wants it: content alone, without the nonces and ids that a store gives. */
export interface Declaration {
  /** On a store that several processes share, a lower one never replaces a higher; 0 when none is given. */
  readonly revision: number;
  readonly issuers: readonly DeclaredIssuer[];
  readonly registries: readonly DeclaredRegistry[];
  readonly namespaces: readonly DeclaredNamespace[];
}

export type DeclaredIssuer = Omit<TrustedIssuer, "nonce" | "managedBy">;
export type DeclaredRegistry = Omit<Registry, "managedBy">;
export type DeclaredRule = Omit<FederationRule, "id" | "nonce">;

export interface DeclaredNamespace extends Omit<Namespace, "nonce" | "managedBy"> {
  readonly robots: readonly DeclaredRobot[];
}

export interface DeclaredRobot {
  readonly name: RobotName;
  readonly enabled: boolean;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly catalog: boolean;
  /** SHA-256 of the robot token, in hexadecimal; absent: the declaration leaves the robot's token alone. */
  readonly tokenHash?: string;
  readonly rules: readonly DeclaredRule[];
}

/**
 * SHA-256 of the declaration, in hexadecimal. Of its content, not of the file's text: a changed public URL or CA
 * file changes what it says, and a comment does not.
 */
export function declarationDigest(declaration: Declaration): Promise<string> {
  return sha256Hex(canonicalJson(declaration));
}

/** `managedBy` of what a client applies that calls itself `client`. */
export function applyOwner(client: string): string {
  return `apply:${client}`;
}

/** What applying a declaration does to one object. `conflict`: another owner has it, so nothing is done. */
type PlannedOutcome = "created" | "changed" | "removed" | "unchanged" | "conflict";

/** With what becomes of it, as an auditor may read it (`audit-view.ts`), where anything does. */
export interface PlannedObject extends Pick<AuditChange, "before" | "after"> {
  readonly kind: "issuer" | "registry" | "namespace" | "robot";
  readonly name: string;
  readonly outcome: PlannedOutcome;
  /** Of a conflict: who has it. */
  readonly managedBy?: string;
}

/** Draws 128 random bits, as text: a nonce, or an id that is never used again. */
export type Draw = () => string;

/** Who applies, and where new nonces and ids come from. */
export interface PlanContext {
  readonly owner: string;
  /** Whether what is declared and was made over the API's other ways becomes the owner's; absent: it does not. */
  readonly adopts?: boolean;
  readonly draw: Draw;
}

/** Whether a declaration of `owner` may write an object: its own, or one that it adopts. */
export function isWritable(
  { managedBy }: { readonly managedBy: string },
  { owner, adopts }: Omit<PlanContext, "draw">,
): boolean {
  return managedBy === owner || (adopts === true && managedBy === API_OWNER);
}
