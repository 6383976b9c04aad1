import type { RobotName } from "../../domain/access/names.ts";
import { nextTokenNumber, type Robot, type RobotToken } from "../../domain/accounts/robot.ts";
import type { Secret } from "../../domain/accounts/secret.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { type ChangedRobot, changeRobot, type Refused } from "./change-robot.ts";
import { mintRobotToken, refusalOfLifetime } from "./mint-robot-token.ts";

/** How long the token before may live on, in seconds. */
const MAX_GRACE_SECONDS = 86_400;

export interface RegenerationWish {
  /** The old token lives on for so long, and no other one with it; under a minute is none at all. 0 by default. */
  readonly graceSeconds?: number;
  /** Absent: the new token has no end. */
  readonly expiresInSeconds?: number;
}

export interface RegeneratedRobot extends ChangedRobot {
  /** For the answer, and nothing else. */
  readonly token: Secret;
}

/**
 * A new robot token, shown once. The old one and every live credential of the robot are dead when this has answered:
 * the robot's nonce is new. A token is its robot's and not its owner's, so that of a declared robot is made here too,
 * unless its hash stands in the declaration.
 */
export async function regenerateRobotToken(
  deps: ManagementDeps,
  name: RobotName,
  { graceSeconds = 0, expiresInSeconds }: RegenerationWish,
  context: ChangeContext,
): Promise<Result<RegeneratedRobot, Refused>> {
  // What an identity token earned reaches no secret.
  if (context.caller.exchanged) return err(rejection("insufficient_scope"));
  const refusal = refusalOfGrace(graceSeconds) ?? refusalOfLifetime(expiresInSeconds);
  if (refusal !== undefined) return err(refusal);
  const { secret, record } = await mintRobotToken(deps, expiresInSeconds);
  const changed = await changeRobot<Refused>(
    deps,
    name,
    context,
    (robot) => {
      if (robot === undefined) return err(rejection("robot_unknown", name));
      if (robot.token?.declared) return err(rejection("token_declared", name));
      if (robot.keylessOnly) return err(rejection("keyless_only", name));
      const token = { ...record, number: nextTokenNumber(robot) };
      return ok(withToken(robot, token, graceSeconds));
    },
    { event: { kind: "robot_token.regenerated" }, anyOwner: true },
  );
  return changed.ok ? ok({ ...changed.value, token: secret }) : changed;
}

function withToken({ previousToken: _, ...robot }: Robot, token: RobotToken, graceSeconds: number): Robot {
  const previous = robot.token && leftOf(robot.token, token.createdAt, graceSeconds);
  return { ...robot, token, ...(previous && { previousToken: previous }) };
}

/** The token that is replaced, with the end that it gets; undefined: it is dead at once. */
function leftOf(token: RobotToken, now: number, graceSeconds: number): RobotToken | undefined {
  const expiresAt = Math.min(token.expiresAt ?? Number.POSITIVE_INFINITY, now + graceSeconds);
  return expiresAt > now ? { ...token, expiresAt } : undefined;
}

function refusalOfGrace(graceSeconds: number): Refused | undefined {
  if (Number.isInteger(graceSeconds) && graceSeconds >= 0 && graceSeconds <= MAX_GRACE_SECONDS) {
    return undefined;
  }
  return rejection("request_malformed", `the grace time is 0 to ${MAX_GRACE_SECONDS} whole seconds`);
}
