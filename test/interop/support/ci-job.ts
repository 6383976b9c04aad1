import { Agent, fetch } from "undici";
import type { Login } from "./clients.ts";

/** What a CI job sends to Berth, and what a registry's client does. */
export class CiJob {
  readonly #berthUrl: string;
  readonly #dispatcher: Agent;

  /** @param caPem The private CA of a Berth that serves TLS. */
  constructor(berthUrl: string, caPem?: string) {
    this.#berthUrl = berthUrl;
    this.#dispatcher = new Agent(caPem === undefined ? {} : { connect: { ca: caPem } });
  }

  /** Trades an identity token for a credential (RFC 8693); throws on a refusal. */
  async exchange(robot: string, identityToken: string): Promise<Login> {
    const answer = await this.#post("/oauth2/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      subject_token: identityToken,
      robot,
    });
    const { access_token, username } = JSON.parse(answer) as Record<string, string>;
    if (access_token === undefined || username === undefined) throw new Error("no credential in the answer");
    return { username, password: access_token };
  }

  /** The same as Quay has it: the identity token is a password. */
  async exchangeAsQuay(robot: string, identityToken: string): Promise<Login> {
    const headers = basicAuth({ username: robot, password: identityToken });
    const answer = await this.#get("/oauth2/federation/robot/token", headers);
    return { username: robot, password: (JSON.parse(answer) as { token: string }).token };
  }

  /** RFC 7009. */
  async revoke(login: Login): Promise<void> {
    await this.#post("/oauth2/revoke", { token: login.password });
  }

  /** A registry token, as a registry's challenge has a client ask for it. */
  async registryToken(login: Login, service: string, scope: string): Promise<string> {
    const query = new URLSearchParams({ service, scope });
    const answer = await this.#get(`/v2/auth?${query}`, basicAuth(login));
    return (JSON.parse(answer) as { token: string }).token;
  }

  /** The same as containerd asks for it: the password is in the form. */
  async registryTokenByForm(login: Login, service: string, scope: string): Promise<string> {
    const form = { grant_type: "password", client_id: "containerd-client", ...login, service, scope };
    const answer = await this.#post("/v2/auth", form);
    return (JSON.parse(answer) as { access_token: string }).access_token;
  }

  caPem(): Promise<string> {
    return this.#get("/keys/ca.pem");
  }

  jwks(): Promise<string> {
    return this.#get("/.well-known/jwks.json");
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  #get(path: string, headers: Record<string, string> = {}): Promise<string> {
    return this.#send(path, { headers });
  }

  #post(path: string, form: Record<string, string>): Promise<string> {
    return this.#send(path, { method: "POST", body: new URLSearchParams(form) });
  }

  async #send(path: string, init: Parameters<typeof fetch>[1]): Promise<string> {
    const response = await fetch(`${this.#berthUrl}${path}`, { ...init, dispatcher: this.#dispatcher });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path.replace(/\?.*/, "")} answered ${response.status}: ${text}`);
    return text;
  }
}

function basicAuth({ username, password }: Login): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}
