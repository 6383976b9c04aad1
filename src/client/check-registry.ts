import { err, ok, type Result } from "../domain/result.ts";
import { connectionProblem, foreignAnswerProblem } from "./advice-connection.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import { type Earned, refusalFrom } from "./exchange-answer.ts";
import { findChallenge } from "./find-server.ts";
import { RETRY_FOR_MS, requestUntil } from "./retry.ts";
import { normalServer } from "./server-url.ts";

const TIMEOUT_MS = 10_000;

/**
 * Whether a credential opens the registry's door, as `docker login` looks: Berth gives a token for it, for nothing
 * yet. So a registry that Berth does not know is found at the login, and not at the push.
 */
export async function checkRegistry(
  environment: ClientEnvironment,
  registry: string,
  {
    server: text,
    username,
    credential,
  }: Pick<Earned, "username" | "credential"> & { readonly server: string },
): Promise<Result<void, ClientProblem>> {
  const normal = normalServer(text);
  if (!normal.ok) return normal;
  const server = normal.value;
  const challenge = await findChallenge(environment, registry);
  if (!challenge.ok) return challenge;
  const { realm, service } = challenge.value;
  // The credential is Berth's, and goes nowhere else.
  if (!realm.startsWith(`${server}/`))
    return err(clientProblem("registry_of_other_server", { registry, realm, server }));
  const url = `${server}/v2/auth?${new URLSearchParams({ service })}`;
  const basic = Buffer.from(`${username}:${credential.expose()}`).toString("base64");
  const until = environment.now() + RETRY_FOR_MS;
  const headers = { authorization: `Basic ${basic}` };
  const outgoing = { method: "GET" as const, url, headers, timeoutMs: TIMEOUT_MS };
  const answered = await requestUntil(environment, outgoing, until);
  if (!answered.ok) return err(connectionProblem(environment, server, answered.error));
  const { status } = answered.value;
  if (status === 200) return ok(undefined);
  if (status === 400) return err(clientProblem("registry_not_registered", { server, registry, service }));
  const refusal = refusalFrom(answered.value);
  if (refusal === undefined)
    return err(foreignAnswerProblem(server, answered.value, String(RETRY_FOR_MS / 1000)));
  const { description: told, reason, requestId: request } = refusal;
  return err(clientProblem("refused", { server, told, reason, request }));
}
