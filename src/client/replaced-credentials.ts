import { Secret } from "../domain/accounts/secret.ts";
import { revokeCredential } from "./berth-client.ts";
import type { ClientEnvironment } from "./client-environment.ts";
import { filedPassword } from "./file-login.ts";
import type { LoginRecord } from "./login-records.ts";

interface FiledCredential {
  readonly server: string;
  readonly hash: string;
  readonly password: string;
}

/** The credentials of logins that are filed still. */
export async function passwordsOf(
  environment: ClientEnvironment,
  records: readonly LoginRecord[],
): Promise<readonly FiledCredential[]> {
  const found: FiledCredential[] = [];
  for (const record of records) {
    const [filed] = record.filed;
    const password = filed && (await filedPassword(environment, filed, record));
    if (password !== undefined) found.push({ server: record.server, hash: record.hash, password });
  }
  return found;
}

/** Ends what earlier logins of this job have left, unless one of `inUse` is still the same. */
export async function revokeUnused(
  environment: ClientEnvironment,
  credentials: readonly FiledCredential[],
  inUse: readonly { readonly hash: string }[],
): Promise<void> {
  for (const { server, hash, password } of credentials) {
    if (inUse.some((record) => record.hash === hash)) continue;
    // That it may fail is no fault of the new login: the old one ends by itself.
    await revokeCredential(environment, { server, credential: new Secret("credential", password) });
  }
}
