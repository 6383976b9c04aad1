import { isRobotName, namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { type JudgedRules, judgeRules } from "../../domain/rules/judged-rules.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ManagementDeps } from "./change-context.ts";
import type { Refused } from "./change-robot.ts";
import { lintContextOf, refusalOfCount, refusalOfRule } from "./change-rules.ts";

/** Where among the robot's rules it is to stand: in the place of one, before one, or as the last. */
export interface RulePlace {
  /** Id of the rule that it would replace. */
  readonly replaces?: string;
  readonly before?: string;
}

/** No rule has it: an id is drawn, or stands in a declaration's record. */
const UNSAVED = "";

/**
 * What `createRule`, or `updateRule` where it replaces one, would say of a rule. Nothing is written. Positions are
 * those that the rules would have afterwards.
 */
export function lintRule(
  { directory }: Pick<ManagementDeps, "directory">,
  name: RobotName,
  declared: DeclaredRule,
  place: RulePlace,
): Promise<Result<JudgedRules, Refused>> {
  return refuseWhenUnavailable<JudgedRules, Refused["reason"]>(async () => {
    // A store makes keys of names: what is none gets no further.
    if (!isRobotName(name)) return err(rejection("name_malformed", name));
    const records = await directory.readRobot(name);
    if (records === undefined) return err(rejection("namespace_unknown", namespaceOfRobot(name)));
    const { robot } = records;
    if (robot === undefined) return err(rejection("robot_unknown", name));
    const { issuers } = await directory.readSystem();
    const next = placed(robot.rules, { ...declared, id: UNSAVED, nonce: UNSAVED }, place);
    if (!next.ok) return next;
    const refusal = refusalOfRule(declared, issuers) ?? refusalOfCount(next.value);
    if (refusal !== undefined) return err(refusal);
    return ok(judgeRules(robot.rules, next.value, new Set([UNSAVED]), lintContextOf(robot, issuers)));
  });
}

function placed(
  rules: readonly FederationRule[],
  rule: FederationRule,
  { replaces, before }: RulePlace,
): Result<readonly FederationRule[], Refused> {
  const neighbour = replaces ?? before;
  const at = neighbour === undefined ? rules.length : rules.findIndex(({ id }) => id === neighbour);
  if (at < 0) return err(rejection("rule_unknown", neighbour));
  return ok(rules.toSpliced(at, replaces === undefined ? 0 : 1, rule));
}
