import { type ApiScope, isApiScope } from "../access/api-scope.ts";
import { isNamespaceName } from "../access/names.ts";
import type { AuditView } from "./audit-view.ts";

/** What a person or a program shows to the management API, as it is kept. Revoking it removes it. */
export interface ApiToken {
  /** 128 bits of the hash, in hexadecimal. May be shown: it opens nothing. */
  readonly id: string;
  /** SHA-256 of the API token, in hexadecimal. */
  readonly hash: string;
  readonly description: string;
  /** At least one. */
  readonly scopes: readonly ApiScope[];
  /** The namespaces it is bound to; "all" only with `super:user`, or for an operator's readers. */
  readonly namespaces: readonly string[] | "all";
  /** The user namespace that `/api/v1/user` stands for, which is one that it is bound to. */
  readonly user?: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The actor that created it. */
  readonly createdBy: string;
}

export const MIN_API_TOKEN_SECONDS = 60;
export const DEFAULT_API_TOKEN_SECONDS = 90 * 86_400;
export const MAX_API_TOKEN_SECONDS = 366 * 86_400;
/** Of the first API token: a day, in which to make one for each person and program. */
export const BOOTSTRAP_API_TOKEN_SECONDS = 86_400;
/** As of every other description. */
const MAX_API_TOKEN_DESCRIPTION = 1000;
/** A bound on a record, and on the work of checking a caller. */
const MAX_API_TOKEN_NAMESPACES = 100;

/** Scopes that make sense everywhere without being an operator's whole: they change nothing. */
const READING_SCOPES: readonly ApiScope[] = ["org:read", "audit:read", "tokens:introspect"];

/** An API token as somebody wants it. */
export interface ApiTokenContent {
  readonly description: string;
  readonly scopes: readonly ApiScope[];
  readonly namespaces: readonly string[] | "all";
  readonly user?: string;
  /** Whole seconds from now; absent: DEFAULT_API_TOKEN_SECONDS, or less where its creator's end is nearer. */
  readonly expiresInSeconds?: number;
}

/** What is wrong with `content`, whoever asks for it, as a sentence without a subject; undefined: nothing. */
export function apiTokenProblem(content: ApiTokenContent): string | undefined {
  const { description, scopes, expiresInSeconds: seconds = DEFAULT_API_TOKEN_SECONDS } = content;
  if (description.length > MAX_API_TOKEN_DESCRIPTION) {
    return `description must be at most ${MAX_API_TOKEN_DESCRIPTION} characters`;
  }
  if (scopes.length === 0 || !scopes.every(isApiScope)) return "scopes must be one or more of the API scopes";
  if (!Number.isInteger(seconds) || seconds < MIN_API_TOKEN_SECONDS || seconds > MAX_API_TOKEN_SECONDS) {
    return `the lifetime must be ${MIN_API_TOKEN_SECONDS} to ${MAX_API_TOKEN_SECONDS} seconds`;
  }
  return namespacesProblem(content);
}

function namespacesProblem({ scopes, namespaces, user }: ApiTokenContent): string | undefined {
  if (namespaces === "all") {
    return scopes.includes("super:user") || scopes.every((scope) => READING_SCOPES.includes(scope))
      ? userProblem(user)
      : "a token that changes something must name its namespaces";
  }
  // Bound to a namespace it would look like less than it is.
  if (scopes.includes("super:user")) return "super:user reaches every namespace: namespaces must be all";
  if (namespaces.length === 0 || namespaces.length > MAX_API_TOKEN_NAMESPACES) {
    return `namespaces must be 1 to ${MAX_API_TOKEN_NAMESPACES} names, or all`;
  }
  if (!namespaces.every(isNamespaceName)) return "namespaces must be names of namespaces";
  return user === undefined || namespaces.includes(user) ? undefined : "user must be one of the namespaces";
}

function userProblem(user: string | undefined): string | undefined {
  return user === undefined || isNamespaceName(user) ? undefined : "user must be the name of a namespace";
}

/** An API token as its owner may read it in the audit record: all but the hash. */
export function auditViewOfApiToken({ id: _, hash: __, ...shown }: ApiToken): AuditView {
  return shown;
}
