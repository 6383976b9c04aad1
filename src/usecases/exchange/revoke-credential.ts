import { credentialId, equalHashes, isExchanged, parseSecret } from "../../domain/accounts/secret.ts";
import type { RequestContext } from "../../domain/audit-event.ts";
import { type Rejection, type RevocationReason, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock, Ledger } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";

/**
 * The holder of a credential, or of an API token that an identity token earned, ends it (RFC 7009). The answer does
 * not tell whether it was known, or alive. A robot token or another API token is refused by its form: its holder
 * must not believe it dead.
 */
export async function revokeCredential(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  token: string,
  context: RequestContext,
): Promise<Result<void, Rejection<RevocationReason>>> {
  return refuseWhenUnavailable(async () => {
    const secret = parseSecret(token);
    if (secret === undefined) return ok(undefined);
    if (!isExchanged(secret)) return err(rejection("token_type_unsupported", secret.class));
    const { id, hash } = await credentialId(secret);
    const stored = await deps.ledger.findCredential(id);
    if (stored === undefined || !equalHashes(stored.credential.hash, hash)) return ok(undefined);
    const { robot, issuer, subject } = stored.credential;
    const at = deps.clock.now();
    await deps.ledger.revoke(id, Math.floor(at / 1000), {
      kind: "credential.revoked",
      at,
      ...context,
      reason: "by its holder",
      robot,
      issuer,
      subject,
      credentialId: id,
    });
    return ok(undefined);
  });
}
