import {
  type ApiToken,
  type ApiTokenContent,
  apiTokenProblem,
  DEFAULT_API_TOKEN_SECONDS,
} from "../../domain/accounts/api-token.ts";
import { type Caller, isSuperUser, mayAct } from "../../domain/accounts/caller.ts";
import type { Secret } from "../../domain/accounts/secret.ts";
import { newApiTokenSecret, type RandomBytes } from "../../domain/accounts/secret.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ApiTokens, Clock } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { apiTokenEvent, newApiToken } from "./api-token-record.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { confirmed } from "./confirmed.ts";

export interface ApiTokenDeps {
  readonly apiTokens: ApiTokens;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** An API token as it is told of: without its hash. */
export type ApiTokenRecord = Omit<ApiToken, "hash">;

export interface CreatedApiToken {
  /** Shown once, to who asked for it. */
  readonly token: Secret;
  readonly record: ApiTokenRecord;
}

type Refused = Rejection<
  "insufficient_scope" | "request_malformed" | "api_token_unknown" | "conflict" | "store_unavailable"
>;
type Outcome<T> = Promise<Result<T, Refused>>;

/**
 * A new API token. An operator makes any; the administrator of namespaces makes ones for these, with no scope and no
 * lifetime that their own token lacks, so that nobody outlives what they were given. Never one that an identity
 * token earned: it would outlive its hour.
 */
export function createApiToken(
  deps: ApiTokenDeps,
  content: ApiTokenContent,
  context: ChangeContext,
): Outcome<CreatedApiToken> {
  return refuseWhenUnavailable<CreatedApiToken, Refused["reason"]>(async () => {
    const { caller } = context;
    if (!mayCreate(caller, content)) return err(rejection("insufficient_scope"));
    const problem = apiTokenProblem(content);
    if (problem !== undefined) return err(rejection("request_malformed", problem));
    const at = deps.clock.now();
    const seconds = lifetime(content, caller, Math.floor(at / 1000));
    if (seconds === undefined)
      return err(rejection("insufficient_scope", "would outlive its creator's token"));
    const token = newApiTokenSecret(deps.random);
    const made = await newApiToken(token, content, { at, seconds, createdBy: caller.actor });
    // 128 bits that somebody has already: no chance, but no reason to hand out a token that is not there.
    const added = await deps.apiTokens.add(made, apiTokenEvent("api_token.created", made, at, context));
    return added ? ok({ token, record: withoutHash(made) }) : err(rejection("conflict"));
  });
}

function mayCreate(caller: Caller, { scopes, namespaces }: ApiTokenContent): boolean {
  if (caller.exchanged) return false;
  if (isSuperUser(caller)) return true;
  if (namespaces === "all" || scopes.includes("super:user")) return false;
  return namespaces.every(
    (name) => mayAct(caller, ["org:admin"], name) && scopes.every((scope) => mayAct(caller, [scope], name)),
  );
}

/** Undefined: longer than the caller may give. An operator is bound by nothing but the greatest lifetime there is. */
function lifetime(content: ApiTokenContent, caller: Caller, now: number): number | undefined {
  const { expiresInSeconds: asked } = content;
  const most = isSuperUser(caller) || caller.expiresAt === undefined ? Infinity : caller.expiresAt - now;
  if (asked !== undefined) return asked <= most ? asked : undefined;
  return Math.min(DEFAULT_API_TOKEN_SECONDS, most);
}

/** Every API token, by the time of its creation: for an operator. Those that identity tokens earned are credentials. */
export function listApiTokens(
  { apiTokens }: Pick<ApiTokenDeps, "apiTokens">,
  caller: Caller,
): Outcome<readonly ApiTokenRecord[]> {
  return refuseWhenUnavailable<readonly ApiTokenRecord[], Refused["reason"]>(async () => {
    if (!isSuperUser(caller)) return err(rejection("insufficient_scope"));
    return ok((await apiTokens.list()).map(withoutHash));
  });
}

/**
 * Ends an API token: an operator any, others their own, those that they created, and those that reach no further than
 * the namespaces that they administer.
 */
export function revokeApiToken(
  deps: Pick<ApiTokenDeps, "apiTokens" | "clock"> & Pick<ManagementDeps, "directory">,
  id: string,
  context: ChangeContext,
): Outcome<undefined> {
  return refuseWhenUnavailable<undefined, Refused["reason"]>(async () => {
    const token = await deps.apiTokens.find(id);
    if (!mayRevoke(context.caller, token)) return err(rejection("insufficient_scope"));
    if (token === undefined) {
      return confirmed(deps.directory, undefined, err(rejection("api_token_unknown", id)));
    }
    const event = apiTokenEvent("api_token.revoked", token, deps.clock.now(), context);
    return (await deps.apiTokens.remove(id, event)) ? ok(undefined) : err(rejection("api_token_unknown", id));
  });
}

/** One that is not there is told of to an operator alone: to others it is as foreign as another's. */
function mayRevoke(caller: Caller, token: ApiToken | undefined): boolean {
  if (caller.exchanged) return false;
  if (isSuperUser(caller)) return true;
  if (token === undefined) return false;
  if ([`token:${token.id}`, token.createdBy].includes(caller.actor)) return true;
  return token.namespaces !== "all" && token.namespaces.every((name) => mayAct(caller, ["org:admin"], name));
}

function withoutHash({ hash: _, ...record }: ApiToken): ApiTokenRecord {
  return record;
}
