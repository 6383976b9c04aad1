import type { Result } from "../../domain/result.ts";
import type { FileLogin } from "../auth-file/auth-config.ts";
import { dockerFolder } from "../auth-file/auth-places.ts";
import { registryOfKey } from "../auth-file/registry-name.ts";
import type { ClientProblem } from "../client-problem.ts";
import type { ClientContext } from "../job-console.ts";
import { cachedCredential } from "./cached-credential.ts";
import { HELPER_PROGRAM } from "./helper-name.ts";
import { readHelperSettings } from "./helper-settings.ts";
import { helperWish } from "./helper-wish.ts";

/** The protocol of docker-credential-helpers: a verb, standard input and output, an exit code of 0 or 1. */
export const HELPER_VERBS = ["get", "store", "erase", "list", "version"] as const;
export type HelperVerb = (typeof HELPER_VERBS)[number];

export function isHelperVerb(text: string | undefined): text is HelperVerb {
  return HELPER_VERBS.some((verb) => verb === text);
}

/** Clients compare this text, and go on without a login. */
const NOT_FOUND = "credentials not found in native keychain";
const NO_SERVER_URL = "no credentials server URL";

/** @param version Of this program. */
export function runCredentialHelper(
  context: ClientContext,
  verb: HelperVerb,
  version: string,
): Promise<number> {
  const run: Record<HelperVerb, () => Promise<number>> = {
    get: () => get(context),
    store: () => ignore(context, "store"),
    erase: () => ignore(context, "erase"),
    list: () => list(context),
    version: async () => print(context, `${HELPER_PROGRAM} ${version}`),
  };
  return run[verb]();
}

async function get(context: ClientContext): Promise<number> {
  const { environment } = context;
  const read = await environment.readFile("-");
  const key = read.ok ? read.value.trim() : "";
  if (key === "") return refuse(context, NO_SERVER_URL);
  const registry = registryOfKey(key);
  const wish = registry && (await helperWish(environment, registry));
  if (registry === undefined || wish === undefined) return refuse(context, NOT_FOUND);
  const found = wish.ok ? await cachedCredential(environment, registry, wish.value) : wish;
  return found.ok ? print(context, loginText(key, found.value)) : tell(context, found);
}

function loginText(key: string, { username, password }: FileLogin): string {
  return JSON.stringify({ ServerURL: key, Username: username, Secret: password });
}

/**
 * docker shows a helper's standard error alone, and goes on without a login; skopeo, crane and oras show its standard
 * output, and stop. On one line, since most of them quote it.
 */
function tell({ console }: ClientContext, { error }: Result<never, ClientProblem> & { ok: false }): number {
  const { code, message, mend } = error;
  const line = `${HELPER_PROGRAM}: ${message} ${mend} (${code})`.replaceAll(/\s+/g, " ");
  console.note(line);
  console.out(line);
  return 1;
}

/** `docker login` and `docker logout` fail where these do, and a job's other steps may call them. */
async function ignore({ environment, console }: ClientContext, verb: "store" | "erase"): Promise<number> {
  // Read, and nothing done with it: a client that writes to nobody fails.
  await environment.readFile("-");
  const why =
    verb === "store"
      ? "keeps no password: it earns a credential whenever one is needed"
      : "has nothing of its own to erase; `berth logout` ends its credentials";
  console.note(`${HELPER_PROGRAM} ${why}.`);
  return 0;
}

/** The registries that are set, and the robot accounts. Without an exchange: docker build asks before each build. */
async function list(context: ClientContext): Promise<number> {
  const { variables } = context.environment;
  const settings = Object.entries(await readHelperSettings(dockerFolder(variables)));
  const robots = settings.map(([key, { robot }]) => [key, robot ?? variables.BERTH_ROBOT ?? ""]);
  return print(context, JSON.stringify(Object.fromEntries(robots)));
}

function print({ console }: ClientContext, text: string): number {
  console.out(text);
  return 0;
}

function refuse({ console }: ClientContext, text: string): number {
  console.out(text);
  return 1;
}
