import { namespaceOfRobot } from "../../domain/access/names.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import { credentialState } from "../../domain/accounts/credential.ts";
import {
  apiTokenId,
  credentialId,
  equalHashes,
  parseSecret,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { apiScopesOf } from "../../domain/rules/api-scope-grant.ts";
import type { ApiTokens, Clock, Directory, Ledger, System } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";

export interface CallerDeps {
  readonly apiTokens: Pick<ApiTokens, "find">;
  readonly ledger: Pick<Ledger, "findCredential">;
  readonly directory: Pick<Directory, "findAccount">;
  readonly system: Pick<System, "findIssuer">;
  readonly clock: Pick<Clock, "now">;
}

type Outcome = Result<Caller, Rejection<"unauthenticated">>;

/**
 * Whom a bearer token of the management API stands for. A token of another class is refused by its form, without a
 * look-up; what is wrong with one of the right class, the answer does not tell.
 */
export async function authenticateCaller(
  deps: CallerDeps,
  bearer: string,
): Promise<Result<Caller, Rejection<"unauthenticated" | "store_unavailable">>> {
  return refuseWhenUnavailable<Caller, "unauthenticated">(async () => {
    const secret = parseSecret(bearer);
    if (secret?.class === "api-token") return authenticateApiToken(deps, secret);
    if (secret?.class === "exchanged-api-token") return authenticateExchanged(deps, secret);
    return refuse(secret === undefined ? "no token of Berth's by its form" : `a ${secret.class}`);
  });
}

async function authenticateApiToken({ apiTokens, clock }: CallerDeps, secret: Secret): Promise<Outcome> {
  const { id, hash } = await apiTokenId(secret);
  const token = await apiTokens.find(id);
  // The id is half of the hash.
  if (token === undefined || !equalHashes(token.hash, hash)) return refuse("unknown");
  const { scopes, namespaces, user, expiresAt } = token;
  if (expiresAt <= nowSeconds(clock)) return refuse(`token:${id} has expired`);
  return ok({
    actor: `token:${id}`,
    scopes,
    namespaces,
    ...(user === undefined ? {} : { user }),
    exchanged: false,
    expiresAt,
  });
}

/** Its record is a credential's, and what ends a credential ends it: the next request finds it dead. */
async function authenticateExchanged(deps: CallerDeps, secret: Secret): Promise<Outcome> {
  const { id, hash } = await credentialId(secret);
  const stored = await deps.ledger.findCredential(id);
  if (stored === undefined || !equalHashes(stored.credential.hash, hash)) return refuse("unknown");
  const { robot, ruleId, apiScopes = [], issuer: url, expiresAt } = stored.credential;
  const [account, issuer] = await Promise.all([
    deps.directory.findAccount(robot),
    deps.system.findIssuer(url),
  ]);
  const issuerNonce = issuer?.enabled ? issuer.nonce : undefined;
  const state = credentialState(stored, account, issuerNonce, nowSeconds(deps.clock));
  if (state !== "alive" || account === undefined) return refuse(`${robot}#${id} is ${state}`);
  const now = apiScopesOf(account.robot, ruleId);
  const scopes = apiScopes.filter((scope) => now.includes(scope));
  if (scopes.length === 0) return refuse(`${robot}#${id} has no scope that its rule gives now`);
  const namespace = namespaceOfRobot(robot);
  return ok({
    actor: `${robot}#${id}`,
    scopes,
    namespaces: [namespace],
    ...(account.namespace.kind === "user" ? { user: namespace } : {}),
    exchanged: true,
    expiresAt,
  });
}

/** @param detail For the log: nothing of it reaches the caller. */
function refuse(detail: string): Outcome {
  return err(rejection("unauthenticated", detail));
}

function nowSeconds(clock: Pick<Clock, "now">): number {
  return Math.floor(clock.now() / 1000);
}
