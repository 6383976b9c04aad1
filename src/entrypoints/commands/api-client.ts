import { err, ok, type Result } from "../../domain/result.ts";
import type { Environment } from "../read-settings.ts";
import { type ApiRefusal, readRefusal } from "./api-refusal.ts";
import { type ApiTransport, openTransport } from "./api-transport.ts";

export interface ApiRequest {
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; absent: the request has none. */
  readonly body?: unknown;
  /** The JSON itself, in the place of `body`: where parsing it would lose digits. */
  readonly bodyText?: string;
  /** `version` of an answer: refused (`precondition_failed`) unless the object still has it. */
  readonly ifMatch?: string;
  /** How long a server may take; absent: as long as any. */
  readonly timeoutMs?: number;
}

export interface ApiAnswer {
  /** Undefined: the answer has none (204). */
  readonly body: unknown;
  /** Of the object, where the answer has an ETag. */
  readonly version?: string;
}

/** The management API, of a server or of this host. */
export interface Api {
  /** @param path Below `/api/v1`, made with `apiPath`. */
  call(method: string, path: string, request?: ApiRequest): Promise<Result<ApiAnswer, ApiRefusal>>;
}

/**
 * Gives `run` the management API: that of the server that BERTH_SERVER names, shown the API token; without one that
 * of this host, in this process, as its operator. Nothing is opened before the first call, so what is wrong with a
 * command line is told first. Throws ConfigurationError for what is wrong with the environment.
 */
export async function withApi(environment: Environment, run: (api: Api) => Promise<number>): Promise<number> {
  let opened: Promise<ApiTransport> | undefined;
  const api: Api = {
    call: async (method, path, request = {}) => {
      opened ??= openTransport(environment);
      return call(await opened, method, path, request);
    },
  };
  try {
    return await run(api);
  } finally {
    await opened?.then(
      (transport) => transport.close(),
      // Told of by the call that opened it.
      () => undefined,
    );
  }
}

async function call(
  { baseUrl, send }: ApiTransport,
  method: string,
  path: string,
  request: ApiRequest,
): Promise<Result<ApiAnswer, ApiRefusal>> {
  const content = contentOf(request);
  const sent = await send(urlOf(`${baseUrl}/api/v1${path}`, request), {
    method,
    headers: headersOf(request, content),
    ...(content === undefined ? {} : { body: content }),
    ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
  });
  if (!sent.ok) return err({ sentence: sent.error });
  const { status, etag, text } = sent.value;
  const answered = parsed(text);
  if (status < 200 || status > 299 || !answered.ok) return err(readRefusal(status, answered));
  const version = /^"(.*)"$/.exec(etag ?? "")?.[1];
  return ok({ body: answered.value, ...(version === undefined ? {} : { version }) });
}

function urlOf(path: string, { query = {} }: ApiRequest): URL {
  const url = new URL(path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function contentOf({ body, bodyText }: ApiRequest): string | undefined {
  return bodyText ?? (body === undefined ? undefined : JSON.stringify(body));
}

function headersOf({ ifMatch }: ApiRequest, content: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    ...(content === undefined ? {} : { "content-type": "application/json" }),
    ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
  };
}

/** Not JSON: it was not Berth that answered, but something before it. */
function parsed(text: string): Result<unknown, undefined> {
  try {
    return ok(text === "" ? undefined : JSON.parse(text));
  } catch {
    return err(undefined);
  }
}
