import { formatAccess } from "../../domain/access/granted-access.ts";
import { credentialState, MIN_REGISTRY_TOKEN_SECONDS } from "../../domain/accounts/credential.ts";
import { isEnabled, tokenInGrace } from "../../domain/accounts/robot.ts";
import {
  apiTokenId,
  credentialId,
  equalHashes,
  isExchanged,
  parseSecret,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { Rejection } from "../../domain/rejection.ts";
import { ok, type Result } from "../../domain/result.ts";
import { apiScopesOf } from "../../domain/rules/api-scope-grant.ts";
import { robotAccess } from "../../domain/rules/grant.ts";
import type { ApiTokens, Clock, Directory, Ledger } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { findRobotToken, MAX_ROBOTS_SEARCHED } from "./find-robot-token.ts";

export interface IntrospectionDeps {
  readonly directory: Pick<
    Directory,
    "findAccount" | "readRobot" | "readSystem" | "listNamespaces" | "listRobots"
  >;
  readonly ledger: Pick<Ledger, "findCredential">;
  readonly apiTokens: Pick<ApiTokens, "find">;
  readonly clock: Pick<Clock, "now">;
}

/** The members of an answer, as RFC 7662 §2.2 spells them; `token_use` is Berth's own. */
export type Introspection = { readonly active: false } | ActiveToken;

interface ActiveToken {
  readonly active: true;
  readonly token_use: "credential" | "robot_token" | "api_token";
  /** The robot, or `token:<id>`. */
  readonly sub: string;
  /** Docker's scope syntax; of an API token its API scopes. */
  readonly scope: string;
  /** Unix seconds; a robot token may have no end. */
  readonly exp?: number;
  readonly iat: number;
  /** What the audit record calls it: the id of a credential or an API token, `token-2` of a robot token. */
  readonly jti: string;
}

const INACTIVE: Introspection = { active: false };

/**
 * What a secret of Berth's is good for now (RFC 7662). One that is unknown, expired, revoked, or of another's making
 * is inactive, and why is not said (§2.2). It judges as the use of the secret itself does, but by records as they
 * are now and not a second ago.
 */
export function introspectToken(
  deps: IntrospectionDeps,
  text: string,
): Promise<Result<Introspection, Rejection<"store_unavailable">>> {
  return refuseWhenUnavailable<Introspection, never>(async () => {
    const secret = parseSecret(text);
    if (secret === undefined) return ok(INACTIVE);
    return ok((await introspect(deps, secret)) ?? INACTIVE);
  });
}

function introspect(deps: IntrospectionDeps, secret: Secret): Promise<ActiveToken | undefined> {
  if (isExchanged(secret)) return introspectExchanged(deps, secret);
  return secret.class === "api-token" ? introspectApiToken(deps, secret) : introspectRobotToken(deps, secret);
}

/** A credential, or an API token that an identity token earned: each is known by the class of its own alone. */
async function introspectExchanged(
  deps: IntrospectionDeps,
  secret: Secret,
): Promise<ActiveToken | undefined> {
  const { id, hash } = await credentialId(secret);
  const stored = await deps.ledger.findCredential(id);
  if (stored === undefined || !equalHashes(stored.credential.hash, hash)) return undefined;
  const { credential } = stored;
  const [account, { issuers }] = await Promise.all([
    deps.directory.findAccount(credential.robot),
    deps.directory.readSystem(),
  ]);
  const issuer = issuers.find(({ url, enabled }) => enabled && url === credential.issuer);
  const state = credentialState(stored, account, issuer?.nonce, nowSeconds(deps.clock));
  if (state !== "alive" || account === undefined) return undefined;
  const { robot: sub, expiresAt: exp, issuedAt: iat } = credential;
  const claims = { sub, exp, iat, jti: id };
  if (credential.apiScopes === undefined) {
    return { active: true, token_use: "credential", scope: formatAccess(credential), ...claims };
  }
  const now = apiScopesOf(account.robot, credential.ruleId);
  const scope = credential.apiScopes.filter((one) => now.includes(one)).join(" ");
  return scope === "" ? undefined : { active: true, token_use: "api_token", scope, ...claims };
}

async function introspectApiToken(
  { apiTokens, clock }: IntrospectionDeps,
  secret: Secret,
): Promise<ActiveToken | undefined> {
  const { id, hash } = await apiTokenId(secret);
  const token = await apiTokens.find(id);
  if (token === undefined || !equalHashes(token.hash, hash)) return undefined;
  if (token.expiresAt <= nowSeconds(clock)) return undefined;
  const { scopes, expiresAt: exp, createdAt: iat } = token;
  const sub = `token:${id}`;
  return { active: true, token_use: "api_token", sub, scope: scopes.join(" "), exp, iat, jti: id };
}

async function introspectRobotToken(
  { directory, clock }: IntrospectionDeps,
  secret: Secret,
): Promise<ActiveToken | undefined> {
  const hash = await sha256Hex(secret.expose());
  const found = await findRobotToken(directory, hash, { limit: MAX_ROBOTS_SEARCHED });
  const account = found && (await directory.findAccount(found.robot.name));
  if (found === undefined || account === undefined || !isEnabled(account)) return undefined;
  const { robot, token, field } = found;
  if (field === "previousToken" && tokenInGrace(robot) === undefined) return undefined;
  const { expiresAt: exp, createdAt: iat } = token;
  // As a login has it: one that is about to end counts as ended.
  if (exp !== undefined && exp - nowSeconds(clock) < MIN_REGISTRY_TOKEN_SECONDS) return undefined;
  const scope = formatAccess(robotAccess(robot));
  const claims = { sub: robot.name, scope, iat, jti: `token-${token.number}` };
  return { active: true, token_use: "robot_token", ...claims, ...(exp === undefined ? {} : { exp }) };
}

function nowSeconds(clock: Pick<Clock, "now">): number {
  return Math.floor(clock.now() / 1000);
}
