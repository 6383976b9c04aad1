import { ok, type Result } from "../domain/result.ts";
import { type FileLogin, loginIn, storeFor, withLogin, withoutLogin } from "./auth-file/auth-config.ts";
import { changeAuthConfig, readAuthConfig } from "./auth-file/auth-file.ts";
import { eraseLogin, loginInStore, storeLogin } from "./auth-file/credential-store.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import type { ClientProblem } from "./client-problem.ts";
import { hashOf } from "./exchange-id.ts";
import type { LoginRecord } from "./login-records.ts";

type Filed = LoginRecord["filed"][number];

/** Where the container tools find a registry's login: in the file, or in the store that the file names for it. */
export async function targetOf(file: string, key: string): Promise<Result<Filed, ClientProblem>> {
  const config = await readAuthConfig(file);
  if (!config.ok) return config;
  const store = storeFor(config.value, key);
  return ok(store === undefined ? { file } : { file, store });
}

/** Files a login there. */
export async function fileLogin(
  environment: ClientEnvironment,
  { file, store }: Filed,
  key: string,
  login: FileLogin,
): Promise<Result<void, ClientProblem>> {
  if (store !== undefined) {
    const stored = await storeLogin(environment.variables, store, key, login);
    if (!stored.ok) return stored;
  }
  return changeAuthConfig(environment, file, (current) =>
    withLogin(current, key, store === undefined ? login : undefined),
  );
}

/** The password that was filed, while it is still that one. */
export async function filedPassword(
  { variables }: ClientEnvironment,
  { file, store }: Filed,
  { key, hash }: Pick<LoginRecord, "key" | "hash">,
): Promise<string | undefined> {
  const config = await readAuthConfig(file);
  const login =
    store === undefined ? config.ok && loginIn(config.value, key) : await loginInStore(variables, store, key);
  return login && hashOf(login.password) === hash ? login.password : undefined;
}

/** Takes out what was filed. An entry that has become another login's, of a person or another job, stays. */
export async function unfileLogin(
  environment: ClientEnvironment,
  filed: Filed,
  record: Pick<LoginRecord, "key" | "hash">,
): Promise<Result<void, ClientProblem>> {
  const { file, store } = filed;
  const { key, hash } = record;
  if (store === undefined) {
    return changeAuthConfig(environment, file, (config) => {
      const login = loginIn(config, key);
      return login && hashOf(login.password) === hash ? withoutLogin(config, key) : config;
    });
  }
  if ((await filedPassword(environment, filed, record)) === undefined) return ok(undefined);
  const erased = await eraseLogin(environment.variables, store, key);
  return erased.ok ? changeAuthConfig(environment, file, (config) => withoutLogin(config, key)) : erased;
}
