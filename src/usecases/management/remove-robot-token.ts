import type { RobotName } from "../../domain/access/names.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { type ChangedRobot, changeRobot, type Refused } from "./change-robot.ts";

/**
 * Takes a robot's token away, and the one that a regeneration has left alive: both are dead when this has answered,
 * with every live credential of the robot. A robot without one is left as it is. As with regeneration, the token is
 * its robot's and not its owner's, unless its hash stands in a declaration.
 */
export async function removeRobotToken(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
): Promise<Result<ChangedRobot, Refused>> {
  // What an identity token earned reaches no secret.
  if (context.caller.exchanged) return err(rejection("insufficient_scope"));
  return changeRobot<Refused>(
    deps,
    name,
    context,
    (robot) => {
      if (robot === undefined) return err(rejection("robot_unknown", name));
      if (robot.token?.declared) return err(rejection("token_declared", name));
      const { token: _, previousToken: __, ...rest } = robot;
      return ok(rest);
    },
    { anyOwner: true },
  );
}
