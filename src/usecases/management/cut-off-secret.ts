import { isRobotName, namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { isSuperUser } from "../../domain/accounts/caller.ts";
import {
  apiTokenId,
  credentialId,
  equalHashes,
  isExchanged,
  parseSecret,
  type Secret,
} from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import { apiTokenEvent } from "./api-token-record.ts";
import type { ChangeContext } from "./change-context.ts";
import { changeRobot } from "./change-robot.ts";
import { confirmed } from "./confirmed.ts";
import type { CutOffDeps, CutOffOutcome } from "./cut-off-target.ts";
import {
  findRobotToken,
  MAX_ROBOTS_SEARCHED,
  type RobotTokenPlace,
  robotTokenIn,
} from "./find-robot-token.ts";
import { revokeStored } from "./revoke-stored.ts";

const UNKNOWN = err(rejection("credential_unknown"));

/** The secret that is shown, of whatever class. One that does not live is unknown: it need not be ended. */
export async function cutOffSecret(
  deps: CutOffDeps,
  { text, robot }: { readonly text: string; readonly robot?: RobotName },
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const secret = parseSecret(text);
  if (secret === undefined) return err(rejection("request_malformed", "no secret of Berth's, by its form"));
  if (isExchanged(secret)) return cutOffExchanged(deps, secret, context);
  if (secret.class === "api-token") return cutOffApiToken(deps, secret, context);
  return cutOffRobotToken(deps, secret, robot, context);
}

async function cutOffExchanged(
  deps: CutOffDeps,
  secret: Secret,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const { id, hash } = await credentialId(secret);
  const stored = await deps.ledger.findCredential(id);
  if (stored === undefined || !equalHashes(stored.credential.hash, hash)) return UNKNOWN;
  return ok(await revokeStored(deps, stored, context));
}

async function cutOffApiToken(
  { apiTokens, clock, directory }: CutOffDeps,
  secret: Secret,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const { id, hash } = await apiTokenId(secret);
  const token = await apiTokens.find(id);
  if (token === undefined || !equalHashes(token.hash, hash)) return confirmed(directory, undefined, UNKNOWN);
  const children = (await apiTokens.list()).filter(({ createdBy }) => createdBy === `token:${id}`);
  const stay = children.map((child) => child.id).join(", ");
  const what = children.length === 0 ? `API token ${id}` : `API token ${id}; those it created stay: ${stay}`;
  const event = apiTokenEvent("api_token.revoked", token, clock.now(), context);
  const removed = await apiTokens.remove(id, { ...event, kind: "credentials.cut_off", detail: what });
  return removed ? ok({ ended: 1, what }) : UNKNOWN;
}

/**
 * Removes the robot token, and ends what was earned with its robot: who left the one lying about may have left the
 * other there too. Without the robot's name, robots are searched, for others than operators so many: `findRobotToken` says at which cost.
 */
async function cutOffRobotToken(
  deps: CutOffDeps,
  secret: Secret,
  name: RobotName | undefined,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const hash = await sha256Hex(secret.expose());
  const bound = isSuperUser(context.caller) ? {} : { limit: MAX_ROBOTS_SEARCHED };
  const found = await findRobotToken(deps.directory, hash, name === undefined ? bound : { name });
  if (found === undefined) {
    // Where it was is known by the robot's name alone: who repeats a cut-off that was not answered gives it.
    return name && isRobotName(name) ? confirmed(deps.directory, namespaceOfRobot(name), UNKNOWN) : UNKNOWN;
  }
  const what = describe(found);
  const changed = await changeRobot(
    deps,
    found.robot.name,
    context,
    (robot) => {
      const place = robot && robotTokenIn(robot, hash);
      if (place === undefined) return UNKNOWN;
      const { [place.field]: _, ...rest } = place.robot;
      return ok(rest);
    },
    { event: { kind: "credentials.cut_off", detail: what }, anyOwner: true, freshNonce: true },
  );
  return changed.ok ? ok({ ended: "all", what }) : changed;
}

function describe({ robot, token }: RobotTokenPlace): string {
  const what = `robot token ${token.number} of ${robot.name}, and everything that identity tokens earned with it`;
  return token.declared
    ? `${what}; its hash stands in a declaration, which puts it back when it is applied anew: change it there`
    : what;
}
