import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { credentialId, parseSecret } from "../../../src/domain/accounts/secret.ts";

/**
 * Lets a credential of a running Berth expire now. A credential lives five minutes at least, and nobody's clock
 * can be moved from here, so its record is aged in the store's file; Berth judges by the record at each use.
 */
export async function expireCredential(dataFolder: string, password: string): Promise<void> {
  const secret = parseSecret(password);
  if (secret === undefined) throw new Error("not a credential");
  const { id } = await credentialId(secret);
  const now = Math.floor(Date.now() / 1000);
  const database = new DatabaseSync(join(dataFolder, "berth.db"));
  try {
    const aged = database.prepare(
      "UPDATE credentials SET expires_at = ?, document = json_set(document, '$.record.expiresAt', ?) WHERE id = ?",
    );
    if (aged.run(now, now, id).changes !== 1) throw new Error("no such credential in the store");
  } finally {
    database.close();
  }
}
