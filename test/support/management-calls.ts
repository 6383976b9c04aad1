/** Requests of the management API, and tokens for those who make them. */
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import { addApiToken } from "./api-tokens.ts";
import type { TestBerth } from "./berth-app.ts";
import type { App } from "./requests.ts";

export interface ManagementAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: there is none. */
  readonly body: unknown;
}

export interface ManagementCall {
  /** Absent: no Authorization header. */
  readonly token?: string;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param path Below `/api/v1`. */
export async function manage(
  app: App,
  method: string,
  path: string,
  { token, body, headers = {} }: ManagementCall = {},
): Promise<ManagementAnswer> {
  const response = await app.request(`/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

/** An API token that is in the store: an operator's, but for the change. */
export async function apiToken(
  { deps, clock }: Pick<TestBerth, "deps" | "clock">,
  change: Partial<ApiToken> = {},
): Promise<string> {
  return (await addApiToken(deps.apiTokens, clock.seconds(), change)).secret.expose();
}
