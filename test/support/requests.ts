/** The requests of each kind of client, valid but for the changes. */

export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

/** `undefined` leaves a field out, a list repeats it. */
export type FormChange = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What answers requests. */
export interface App {
  request(input: string, init?: RequestInit): Response | Promise<Response>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export async function exchange(app: App, subjectToken: string, change: FormChange = {}): Promise<Answer> {
  const form = formOf({
    grant_type: TOKEN_EXCHANGE,
    subject_token: subjectToken,
    subject_token_type: ID_TOKEN,
    robot: "acme+builder",
    ...change,
  });
  return answerOf(await app.request("/oauth2/token", { method: "POST", body: form }));
}

/** Exchanges, and gives the credential; throws when it is refused. */
export async function credentialFor(
  app: App,
  subjectToken: string,
  change: FormChange = {},
): Promise<string> {
  const answer = await exchange(app, subjectToken, change);
  if (answer.status !== 200) throw new Error(`refused: ${JSON.stringify(answer.body)}`);
  return String(answer.body.access_token);
}

export async function quayExchange(app: App, username: string, password: string): Promise<Answer> {
  return answerOf(
    await app.request("/oauth2/federation/robot/token", { headers: basic(username, password) }),
  );
}

export async function revoke(app: App, token: string): Promise<Answer> {
  return post(app, "/oauth2/revoke", { token });
}

export async function post(app: App, path: string, form: FormChange): Promise<Answer> {
  return answerOf(await app.request(path, { method: "POST", body: formOf(form) }));
}

export interface TokenRequest {
  readonly service?: string;
  readonly scopes?: readonly string[];
  readonly username?: string;
  /** Absent: an anonymous request. */
  readonly password?: string;
  readonly userAgent?: string;
  readonly path?: string;
}

export async function registryToken(app: App, request: TokenRequest): Promise<Answer> {
  const { service = "registry.example.com", scopes = [], username = "acme+builder", password } = request;
  const query = new URLSearchParams({ service });
  for (const scope of scopes) query.append("scope", scope);
  return answerOf(
    await app.request(`${request.path ?? "/v2/auth"}?${query}`, {
      headers: {
        ...(password === undefined ? {} : basic(username, password)),
        ...(request.userAgent === undefined ? {} : { "user-agent": request.userAgent }),
      },
    }),
  );
}

/** `POST /v2/auth` as containerd sends it: the account in the form. */
export async function registryTokenByForm(
  app: App,
  password: string,
  change: FormChange = {},
): Promise<Answer> {
  return post(app, "/v2/auth", {
    grant_type: "password",
    client_id: "buildkit-client",
    service: "registry.example.com",
    username: "acme+builder",
    password,
    ...change,
  });
}

export function basic(username: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

export function formOf(fields: FormChange): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of typeof value === "string" ? [value] : value) form.append(name, one);
  }
  return form;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}
