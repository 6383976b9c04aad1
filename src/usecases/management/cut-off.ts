import { namespaceOfRobot } from "../../domain/access/names.ts";
import { isSuperUser, mayAct } from "../../domain/accounts/caller.ts";
import { isCredentialId } from "../../domain/accounts/secret.ts";
import { type ManagementReason, rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { changeNamespaceNonce, changeRobotNonce, changeRuleNonce } from "./cut-off-account.ts";
import { cutOffIssuer } from "./cut-off-issuer.ts";
import { cutOffSecret } from "./cut-off-secret.ts";
import type { CutOff, CutOffDeps, CutOffOutcome, CutOffTarget } from "./cut-off-target.ts";
import { revokeStored } from "./revoke-stored.ts";

/**
 * Ends credentials, tokens, or all that was earned by one way, for whoever holds the pager: also of what a file
 * manages, since it takes away and gives nothing. It leaves rules and issuers as they are: the next identity token
 * is let in as before, so who was let in wrongly is first disabled. In force when this has answered, but for an
 * issuer, which every instance may know for a second longer, and for registry tokens, which live for 5 min at most.
 */
export function cutOff(
  deps: CutOffDeps,
  target: CutOffTarget,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  return refuseWhenUnavailable<CutOff, ManagementReason>(async () => {
    if (!mayCutOff(target, context)) return err(rejection("insufficient_scope"));
    switch (target.kind) {
      case "credential":
        return cutOffCredential(deps, target.id, context);
      case "secret":
        return cutOffSecret(deps, target, context);
      case "robot":
        return changeRobotNonce(deps, target.name, context);
      case "rule":
        return changeRuleNonce(deps, target, context);
      case "namespace":
        return changeNamespaceNonce(deps, target.name, context);
      case "issuer":
        return cutOffIssuer(deps, target, context);
      case "everything":
        return cutOffEverything(deps, context);
    }
  });
}

/** A credential's namespace is known when it has been read. Whoever holds a secret could use it, so may end it. */
function mayCutOff(target: CutOffTarget, { caller }: ChangeContext): boolean {
  if (caller.exchanged) return false;
  switch (target.kind) {
    case "credential":
    case "secret":
      return true;
    case "robot":
      return mayAct(caller, ["credentials:revoke"], namespaceOfRobot(target.name));
    case "rule":
      return mayAct(caller, ["credentials:revoke"], namespaceOfRobot(target.robot));
    case "namespace":
      return mayAct(caller, ["credentials:revoke"], target.name);
    default:
      return isSuperUser(caller);
  }
}

async function cutOffCredential(
  deps: CutOffDeps,
  id: string,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const stored = isCredentialId(id) ? await deps.ledger.findCredential(id) : undefined;
  // One answer: whether another namespace has a credential of that id is not for this caller to know.
  if (
    stored === undefined ||
    !mayAct(context.caller, ["credentials:revoke"], namespaceOfRobot(stored.credential.robot))
  ) {
    return err(rejection("credential_unknown", id));
  }
  return ok(await revokeStored(deps, stored, context));
}

async function cutOffEverything(deps: CutOffDeps, context: ChangeContext): Promise<CutOffOutcome> {
  const what =
    "everything that identity tokens earned, in every namespace; identity tokens issued until now are refused; robot tokens and API tokens stay";
  await deps.ledger.startEpoch(changeEvent(deps, context, { kind: "credentials.cut_off", detail: what }));
  return ok({ ended: "all", what });
}
