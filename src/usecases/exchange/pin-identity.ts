import type { RequestContext } from "../../domain/audit-event.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { formatIds, identityDrift, idsToPin, type PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { Clock, Directory } from "../ports.ts";
import type { ChosenRule } from "./choose-rule.ts";
import type { VerifiedIdentity } from "./verify-identity-token.ts";

interface PinDeps {
  readonly directory: Directory;
  readonly clock: Clock;
}

type Identity = Pick<VerifiedIdentity, "issuer" | "claims" | "subject">;

/**
 * Holds the identity against the ids that the rule's first match recorded, and records them when this is the first.
 * A changed identity is `no_match`, and no later rule is tried: the name that this rule trusts is somebody else's.
 *
 * Before `redeem`, and judged by what the store has then: of two first uses at once, the loser is held against the
 * winner's ids. A rule that does not pin costs no store call, and neither does one whose ids stand.
 */
export async function pinIdentity(
  deps: PinDeps,
  { account, rule }: ChosenRule,
  identity: Identity,
  context: RequestContext,
): Promise<Result<undefined, Rejection<ExchangeReason>>> {
  if (rule.pin === undefined) return ok(undefined);
  const standing = account.pins?.[rule.id];
  const pinned = standing ? ok(standing) : await pinFirstUse(deps, { account, rule }, identity, context);
  if (!pinned.ok) return refuse(rule.id, pinned.error);
  const drift = identityDrift(pinned.value, identity.claims);
  return drift === undefined ? ok(undefined) : refuse(rule.id, drift);
}

async function pinFirstUse(
  { directory, clock }: PinDeps,
  { account: { robot }, rule }: ChosenRule,
  { issuer, claims, subject }: Identity,
  context: RequestContext,
): Promise<Result<PinnedIds, string>> {
  const ids = idsToPin(rule, claims, profileNamed(issuer.profile));
  if (!ids.ok) return err(`nothing to pin: ${ids.error}`);
  if (Object.keys(ids.value).length === 0) return ids;
  const standing = await directory.pinIdentity({
    robot: robot.name,
    robotUid: robot.uid,
    ruleId: rule.id,
    ids: ids.value,
    event: {
      kind: "identity.pinned",
      at: clock.now(),
      ...context,
      robot: robot.name,
      issuer: issuer.url,
      subject,
      ruleId: rule.id,
      detail: formatIds(ids.value),
    },
  });
  return standing === undefined ? err("the robot account is gone") : ok(standing);
}

function refuse(ruleId: string, why: string): Result<undefined, Rejection<ExchangeReason>> {
  return err(rejection("no_match", `rule ${ruleId}: ${why}`));
}
