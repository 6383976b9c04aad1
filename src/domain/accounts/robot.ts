import type { RobotName } from "../access/names.ts";
import type { Permission } from "../access/permission.ts";
import type { FederationRule } from "../rules/federation-rule.ts";
import type { PinnedIds } from "../rules/identity-pin.ts";

/** An organization or a user: the first component of its repositories' names. */
export interface Namespace {
  readonly name: string;
  readonly kind: "organization" | "user";
  /** 128 random bits, drawn anew when the namespace is created or disabled: what was minted before is dead. */
  readonly nonce: string;
  readonly enabled: boolean;
  readonly managedBy: string;
}

/** The robot's persistent password, as it is kept. */
export interface RobotToken {
  /** SHA-256 of the robot token, in hexadecimal. */
  readonly hash: string;
  /** 1 for the first, one more at each regeneration; stands in registry tokens as `acme+builder#token-2`. */
  readonly number: number;
  readonly createdAt: number;
  /** Whether its hash stands in a declaration file, which would put it back: only the file changes it. */
  readonly declared: boolean;
  /** Unix seconds; absent: until regenerated. */
  readonly expiresAt?: number;
}

/** A machine identity of a namespace. */
export interface Robot {
  readonly name: RobotName;
  /** 128 random bits, never used again: a robot made anew under an old name revives nothing. */
  readonly uid: string;
  readonly nonce: string;
  readonly enabled: boolean;
  readonly description: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly permissions: readonly Permission[];
  /** Whether the robot may list a registry's catalogue: every repository's name, so it is off by default. */
  readonly catalog: boolean;
  readonly rules: readonly FederationRule[];
  readonly token?: RobotToken;
  /** The robot token before the last, kept alive for a grace time: its `expiresAt` is set, and soon. */
  readonly previousToken?: RobotToken;
  /** The number of its last robot token, while it has none: no two tokens of a robot have one number. */
  readonly lastTokenNumber?: number;
  /** Whether it may have no robot token at all. */
  readonly keylessOnly?: true;
  /** Quay's `unstructured_metadata`: kept and shown, never read. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly managedBy: string;
}

/** The number of the robot token that is made next. */
export function nextTokenNumber(robot: Pick<Robot, "token" | "lastTokenNumber"> | undefined): number {
  return (robot?.token?.number ?? robot?.lastTokenNumber ?? 0) + 1;
}

/**
 * The token before the robot's own, where it is alive for its grace time. Never an older one: a release that knows
 * nothing of a grace time and replaces the robot token on the same store leaves the one before standing here.
 */
export function tokenInGrace({
  token,
  previousToken,
}: Pick<Robot, "token" | "previousToken">): RobotToken | undefined {
  return previousToken && token?.number === previousToken.number + 1 ? previousToken : undefined;
}

/** Whether identity tokens earn API scopes with this robot: only an operator writes such a one. */
export function isAdministrative(robot: Pick<Robot, "rules">): boolean {
  return robot.rules.some((rule) => rule.apiScopes !== undefined);
}

/** A robot with the namespace it belongs to: what one directory read gives. */
export interface Account {
  readonly namespace: Namespace;
  readonly robot: Robot;
  /** Id of a rule → the ids that its first match recorded; absent where no rule of the robot has any. */
  readonly pins?: Readonly<Record<string, PinnedIds>>;
}

export function isEnabled(account: Account): boolean {
  return account.namespace.enabled && account.robot.enabled;
}
