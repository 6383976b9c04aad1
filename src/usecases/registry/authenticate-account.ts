import type { Access } from "../../domain/access/granted-access.ts";
import { isRobotName, type RobotName } from "../../domain/access/names.ts";
import { credentialState, MIN_REGISTRY_TOKEN_SECONDS } from "../../domain/accounts/credential.ts";
import { isEnabled, type Robot, type RobotToken, tokenInGrace } from "../../domain/accounts/robot.ts";
import { credentialId, equalHashes, parseSecret, type Secret } from "../../domain/accounts/secret.ts";
import { type Sha256Hex, sha256Hex } from "../../domain/identity/digest.ts";
import { type RegistryTokenReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { robotAccess } from "../../domain/rules/grant.ts";
import type { Clock, Directory, Ledger, System } from "../ports.ts";
import type { VerifiedRobotTokens } from "./verified-robot-tokens.ts";

export interface AuthenticationDeps {
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly system: System;
  readonly clock: Clock;
  /** The runtime's own; absent: the web's. */
  readonly sha256?: Sha256Hex;
  /** Where robot tokens that were verified are remembered; absent: nowhere. */
  readonly stalePulls?: { readonly tokens: VerifiedRobotTokens } | undefined;
}

/** User name and password as a client sent them. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Who asks a registry for something, and the most that they may do. */
interface Authenticated {
  /** `sub` of the registry token, which a registry writes into its events: `acme+builder#<credential id>`. */
  readonly actor: string;
  readonly robot: RobotName;
  /** A request may do what every one of these allows. */
  readonly held: readonly Access[];
  /** Unix seconds; absent: no end. */
  readonly expiresAt?: number;
  readonly credentialId?: string;
}

type Outcome = Result<Authenticated, Rejection<RegistryTokenReason>>;

const INVALID: Outcome = err(rejection("credentials_invalid"));

/**
 * The account that a login stands for. Unknown robot, wrong password and a secret of another class are one
 * refusal; expired and revoked are told apart only to who proved to hold the secret.
 */
export async function authenticateAccount(deps: AuthenticationDeps, login: Login): Promise<Outcome> {
  const secret = parseSecret(login.password);
  // By form alone, without a look-up: an invented secret costs the store nothing.
  if (secret === undefined || !isRobotName(login.username)) return INVALID;
  if (secret.class === "credential") return authenticateCredential(deps, login.username, secret);
  if (secret.class === "robot-token") return authenticateRobotToken(deps, login.username, secret);
  return INVALID;
}

async function authenticateCredential(
  deps: AuthenticationDeps,
  robot: RobotName,
  secret: Secret,
): Promise<Outcome> {
  const { id, hash } = await credentialId(secret, deps.sha256);
  // Sent together: one round trip.
  const [stored, account] = await Promise.all([
    deps.ledger.findCredential(id),
    deps.directory.findAccount(robot),
  ]);
  if (stored === undefined || !equalHashes(stored.credential.hash, hash)) return INVALID;
  const { credential } = stored;
  if (credential.robot !== robot) return INVALID;
  const issuer = await deps.system.findIssuer(credential.issuer);
  const issuerNonce = issuer?.enabled ? issuer.nonce : undefined;
  const state = credentialState(stored, account, issuerNonce, nowSeconds(deps.clock));
  if (state !== "alive" || account === undefined) {
    return err(rejection(state === "expired" ? "credential_expired" : "credential_revoked", id));
  }
  return ok({
    actor: `${robot}#${id}`,
    robot,
    held: [credential, robotAccess(account.robot)],
    expiresAt: credential.expiresAt,
    credentialId: id,
  });
}

async function authenticateRobotToken(
  deps: AuthenticationDeps,
  robot: RobotName,
  secret: Secret,
): Promise<Outcome> {
  const { sha256 = sha256Hex } = deps;
  const verified = deps.stalePulls?.tokens;
  const verification = verified?.begin();
  const [hash, account] = await Promise.all([sha256(secret.expose()), deps.directory.findAccount(robot)]);
  const token = tokenOf(account?.robot, hash);
  if (account === undefined || token === undefined) return INVALID;
  if (!isEnabled(account)) return err(rejection("credential_revoked", "the robot account is disabled"));
  const { expiresAt } = token;
  if (expiresAt !== undefined && expiresAt - nowSeconds(deps.clock) < MIN_REGISTRY_TOKEN_SECONDS) {
    return err(rejection("credential_expired", "robot token"));
  }
  if (verified && verification) verified.remember(account, token, verification);
  return ok({
    actor: `${robot}#token-${token.number}`,
    robot,
    held: [robotAccess(account.robot)],
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
}

/** No text has this hash, as far as anybody knows. */
const NO_HASH = "0".repeat(64);

/**
 * The token of that hash: the robot's own, or the one before it, which lives on for its grace time. Both are compared
 * whatever comes of the first, so that the time tells nothing of which there are.
 */
function tokenOf(robot: Robot | undefined, hash: string): RobotToken | undefined {
  const tokens = [robot?.token, robot && tokenInGrace(robot)];
  const matches = tokens.map((token) => equalHashes(token?.hash ?? NO_HASH, hash));
  return tokens.find((_, at) => matches[at]);
}

function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
