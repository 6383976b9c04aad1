import type { RobotName } from "../../domain/access/names.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { changeRobot, drawFrom, MAX_ATTEMPTS, type Refused } from "./change-robot.ts";
import type { CutOff, CutOffOutcome } from "./cut-off-target.ts";
import { readNamespacePlace } from "./namespace-place.ts";

/** All that was earned with a robot. */
export function changeRobotNonce(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const what = `everything that identity tokens earned with robot ${name}; its robot token, if it has one, stays`;
  return changeNonces(deps, name, context, { what, freshNonce: true }, (robot) => ok(robot));
}

/** All that was earned by a rule. */
export function changeRuleNonce(
  deps: ManagementDeps,
  { robot: name, ruleId }: { readonly robot: RobotName; readonly ruleId: string },
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const draw = drawFrom(deps.random);
  const what = `everything that identity tokens earned by rule ${ruleId} of robot ${name}`;
  return changeNonces(deps, name, context, { what, ruleId }, (robot) => {
    if (!robot.rules.some(({ id }) => id === ruleId)) return err(rejection("rule_unknown", ruleId));
    const rules = robot.rules.map((rule) => (rule.id === ruleId ? { ...rule, nonce: draw() } : rule));
    return ok({ ...robot, rules });
  });
}

/** All that was earned with any robot of a namespace. */
export async function changeNamespaceNonce(
  deps: ManagementDeps,
  name: string,
  context: ChangeContext,
): Promise<CutOffOutcome> {
  const draw = drawFrom(deps.random);
  const what = `everything that identity tokens earned in namespace ${name}; its robots' tokens stay`;
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const place = await readNamespacePlace(deps.directory, name);
    if (place === undefined) return err(rejection("namespace_unknown", name));
    const outcome = await deps.directory.commitNamespace({
      name,
      fromRevision: place.revision,
      namespace: { ...place.namespace, nonce: draw() },
      putRobots: [],
      removeRobots: [],
      event: changeEvent(deps, context, { kind: "credentials.cut_off", namespace: name, detail: what }),
    });
    if (outcome === "committed") return ok({ ended: "all", what });
  }
  return err(rejection("conflict", name));
}

async function changeNonces(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
  { what, ruleId, freshNonce }: { what: string; ruleId?: string; freshNonce?: true },
  edit: (robot: Robot) => Result<Robot, Refused>,
): Promise<CutOffOutcome> {
  const changed = await changeRobot(
    deps,
    name,
    context,
    (robot) => (robot ? edit(robot) : err(rejection("robot_unknown", name))),
    {
      event: { kind: "credentials.cut_off", detail: what, ...(ruleId === undefined ? {} : { ruleId }) },
      anyOwner: true,
      ...(freshNonce === undefined ? {} : { freshNonce }),
    },
  );
  return changed.ok ? ok<CutOff>({ ended: "all", what }) : changed;
}
