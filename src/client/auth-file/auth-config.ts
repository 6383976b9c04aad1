import { err, ok, type Result } from "../../domain/result.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";

/** Docker's config.json, or containers' auth.json: what is not known here is kept as it is. */
export type AuthConfig = Readonly<Record<string, unknown>>;

export interface FileLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * @param text Undefined or empty where there is no file yet, as Docker has it.
 * @param file Its name, for the message.
 */
export function parseAuthConfig(text: string | undefined, file: string): Result<AuthConfig, ClientProblem> {
  if (text === undefined || text.trim() === "") return ok({});
  const config = parseJson(text);
  const isConfig = isRecord(config) && ["auths", "credHelpers"].every((name) => isRecordOrNone(config[name]));
  return isConfig ? ok(config) : err(clientProblem("auth_file_malformed", { file }));
}

export function formatAuthConfig(config: AuthConfig): string {
  return `${JSON.stringify(config, null, "\t")}\n`;
}

/** The program that holds the registry's secrets in place of the file: `credHelpers` goes before `credsStore`. */
export function storeFor(config: AuthConfig, key: string): string | undefined {
  const helper = recordOf(config.credHelpers)[key];
  const store = typeof helper === "string" ? helper : config.credsStore;
  return typeof store === "string" && store !== "" ? store : undefined;
}

/** The registry's login in this very file. */
export function loginIn(config: AuthConfig, key: string): FileLogin | undefined {
  const { auth } = recordOf(recordOf(config.auths)[key]);
  if (typeof auth !== "string") return undefined;
  const [username, ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return username === undefined || password.length === 0
    ? undefined
    : { username, password: password.join(":") };
}

/** @param login Undefined for a registry whose secret a store has: Docker files an empty entry for it. */
export function withLogin(config: AuthConfig, key: string, login: FileLogin | undefined): AuthConfig {
  const entry = login === undefined ? {} : { auth: basicAuth(login) };
  return { ...config, auths: { ...recordOf(config.auths), [key]: entry } };
}

export function withoutLogin(config: AuthConfig, key: string): AuthConfig {
  return { ...config, auths: without(config.auths, key) };
}

/** The configuration in which the credential helper `helper` answers for `key`. */
export function withHelper(config: AuthConfig, key: string, helper: string): AuthConfig {
  return { ...config, credHelpers: { ...recordOf(config.credHelpers), [key]: helper } };
}

export function withoutHelper(config: AuthConfig, key: string): AuthConfig {
  return { ...config, credHelpers: without(config.credHelpers, key) };
}

/** As `auth` holds it: base64 hides nothing, but it is what would show. */
export function basicAuth({ username, password }: FileLogin): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}

export function recordOf(value: unknown): AuthConfig {
  return isRecord(value) ? value : {};
}

function without(value: unknown, key: string): AuthConfig {
  const { [key]: _, ...rest } = recordOf(value);
  return rest;
}

function isRecordOrNone(value: unknown): boolean {
  return value === undefined || value === null || isRecord(value);
}

function isRecord(value: unknown): value is AuthConfig {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
