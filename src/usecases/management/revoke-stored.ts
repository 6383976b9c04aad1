import type { StoredCredential } from "../../domain/accounts/credential.ts";
import type { Clock, Ledger } from "../ports.ts";
import type { ChangeContext } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import type { CutOff } from "./cut-off-target.ts";

/**
 * Ends one credential, or an API token that an identity token earned, with the record of who did it. One that was
 * revoked already, or has gone with its time, is left as it is.
 *
 * @param because Of a cut-off of many: what it is a part of.
 */
export async function revokeStored(
  deps: { readonly ledger: Pick<Ledger, "revoke">; readonly clock: Clock },
  { credential }: StoredCredential,
  context: ChangeContext,
  because?: string,
): Promise<CutOff> {
  const { id, robot, issuer, subject, ruleId } = credential;
  const what = `credential ${id}`;
  const event = changeEvent(deps, context, {
    kind: "credentials.cut_off",
    detail: because ?? what,
    robot,
    issuer,
    subject,
    ruleId,
    credentialId: id,
  });
  const outcome = await deps.ledger.revoke(id, Math.floor(event.at / 1000), event);
  return outcome === "revoked" ? { ended: 1, what } : { ended: 0, what: `${what} had ended already` };
}
