import { err, ok, type Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { type FileLogin, recordOf } from "./auth-config.ts";

type Variables = ClientEnvironment["variables"];

const TIMEOUT_MS = 30_000;
/** What a program that is started by name may be called: no path. */
const STORE_NAME = /^[\w.-]+$/;

/** Hands a login to the user's credential store, on its standard input. */
export async function storeLogin(
  variables: Variables,
  store: string,
  key: string,
  login: FileLogin,
): Promise<Result<void, ClientProblem>> {
  const input = JSON.stringify({ ServerURL: key, Username: login.username, Secret: login.password });
  const stored = await runStore(variables, store, "store", input);
  return stored.ok ? ok(undefined) : stored;
}

/** The login that the store has; undefined where it has none. */
export async function loginInStore(
  variables: Variables,
  store: string,
  key: string,
): Promise<FileLogin | undefined> {
  const got = await runStore(variables, store, "get", key);
  const { Username, Secret } = got.ok ? parseLogin(got.value) : {};
  return typeof Username === "string" && typeof Secret === "string"
    ? { username: Username, password: Secret }
    : undefined;
}

export async function eraseLogin(
  variables: Variables,
  store: string,
  key: string,
): Promise<Result<void, ClientProblem>> {
  const erased = await runStore(variables, store, "erase", key);
  return erased.ok ? ok(undefined) : erased;
}

type Verb = "store" | "get" | "erase";

/** The protocol of docker-credential-helpers: a verb, standard input and output, an exit code. */
async function runStore(
  variables: Variables,
  store: string,
  verb: Verb,
  input: string,
): Promise<Result<string, ClientProblem>> {
  if (!STORE_NAME.test(store)) return failed(store, verb, "its name is no program's");
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const child = spawn(`docker-credential-${store}`, [verb], {
      env: { ...variables },
      stdio: ["pipe", "pipe", "ignore"],
      timeout: TIMEOUT_MS,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", () => resolve(failed(store, verb, "there is no such program")));
    child.once("close", (code) => {
      const printed = Buffer.concat(chunks).toString("utf8");
      // By the protocol, what a failed one prints is its message.
      resolve(code === 0 ? ok(printed) : failed(store, verb, printed.trim() || "it did not say why"));
    });
    // It may end without reading its input; that is its exit code's business.
    child.stdin.once("error", () => undefined);
    child.stdin.end(input);
  });
}

function failed(store: string, verb: Verb, told: string): Result<never, ClientProblem> {
  return err(clientProblem("credential_store_failed", { store, verb, told }));
}

function parseLogin(text: string) {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}
