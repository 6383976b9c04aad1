import { err, ok, type Result } from "../domain/result.ts";
import { connectionProblem, faultWords } from "./advice-connection.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { type ClientProblem, clientProblem } from "./client-problem.ts";
import type { HttpFault } from "./http-fault.ts";
import type { HttpAnswer } from "./http-request.ts";
import { parseUrl } from "./parse-url.ts";
import { isLoopbackHost } from "./proxy.ts";
import { malformedRegistry } from "./registry-problem.ts";
import { RETRY_FOR_MS, requestUntil } from "./retry.ts";
import { normalServer } from "./server-url.ts";

/** Who gives out a registry's tokens, as its challenge says (Docker token authentication). */
export interface Challenge {
  readonly realm: string;
  /** The registry's name for itself, which Berth knows it by. */
  readonly service: string;
}

const TIMEOUT_MS = 10_000;
/** Where Berth gives out registry tokens, under its public URL. */
const TOKEN_PATHS = ["/v2/auth", "/auth/token"];

/**
 * Berth's public URL: BERTH_SERVER, else by the challenge of the registry. A registry may name whom it likes: what it
 * names gets a token for itself, or none (`exchangeIdentity`).
 *
 * @param registry Host, with its port if it has one.
 */
export async function findServer(
  environment: ClientEnvironment,
  registry: string,
): Promise<Result<string, ClientProblem>> {
  const named = environment.variables.BERTH_SERVER?.trim();
  if (named) return normalServer(named);
  const challenge = await findChallenge(environment, registry);
  if (!challenge.ok) return challenge;
  const { realm } = challenge.value;
  const path = TOKEN_PATHS.find((end) => realm.endsWith(end));
  return path === undefined
    ? err(clientProblem("registry_realm_foreign", { registry, realm }))
    : normalServer(realm.slice(0, -path.length));
}

/** What the registry answers to who comes without a token. */
export async function findChallenge(
  environment: ClientEnvironment,
  registry: string,
): Promise<Result<Challenge, ClientProblem>> {
  const base = parseUrl(`https://${registry}/`);
  if (base === undefined || base.pathname !== "/" || base.host === "" || /[/@?#\s]/.test(registry)) {
    return err(malformedRegistry(registry));
  }
  const answered = await askRegistry(environment, base);
  if (!answered.ok) return err(registryFault(environment, registry, answered.error));
  const { status, headers } = answered.value;
  const challenge = status === 401 ? parseChallenge(headers["www-authenticate"] ?? "") : undefined;
  return challenge === undefined
    ? err(clientProblem("registry_without_challenge", { registry, status: String(status) }))
    : ok(challenge);
}

/** As Docker does: a registry on this machine may do without TLS. */
async function askRegistry(
  environment: ClientEnvironment,
  base: URL,
): Promise<Result<HttpAnswer, HttpFault>> {
  const until = environment.now() + RETRY_FOR_MS;
  const ask = (url: string) =>
    requestUntil(environment, { method: "GET", url: `${url}v2/`, timeoutMs: TIMEOUT_MS }, until);
  const answered = await ask(base.href);
  const isPlain = !answered.ok && answered.error.kind === "not_tls" && isLoopbackHost(base.hostname);
  return isPlain ? ask(base.href.replace(/^https:/, "http:")) : answered;
}

function registryFault(environment: ClientEnvironment, registry: string, fault: HttpFault): ClientProblem {
  // Faults of the way are the same as Berth's, and told in the same words.
  const isOfWay = fault.kind !== "timeout" && fault.kind !== "unreachable";
  if (isOfWay || fault.unusedProxy) return connectionProblem(environment, `https://${registry}`, fault);
  return clientProblem("registry_unreachable", { registry, fault: faultWords(fault) });
}

/** RFC 9110 §11.6.1, for the scheme Bearer; a header may hold other challenges before and after. */
function parseChallenge(header: string): Challenge | undefined {
  const [, parameters = ""] = /(?:^|,\s*)Bearer\s+(.*)$/i.exec(header) ?? [];
  const read = (name: string) => new RegExp(`(?:^|[,\\s])${name}="([^"]*)"`, "i").exec(parameters)?.[1] ?? "";
  const realm = read("realm");
  return realm === "" ? undefined : { realm, service: read("service") };
}
