import type { RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import {
  type FederationRule,
  MAX_RULES_CHARACTERS,
  MAX_RULES_PER_ROBOT,
} from "../../domain/rules/federation-rule.ts";
import { type JudgedRules, judgeRules } from "../../domain/rules/judged-rules.ts";
import { lintedIssuers } from "../../domain/rules/linted-issuers.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import type { LintContext } from "../../domain/rules/rule-pins.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { type ChangedRobot, changeRobot, type Refused, type RobotChangeOptions } from "./change-robot.ts";

/** Rules that the linter does not let through, with all that it says against them. */
export interface RulesRefused extends Rejection<"rules_refused"> {
  readonly findings: readonly Finding[];
}

/** Why a change of rules is refused: `"findings" in refusal` where it was the linter. */
export type RuleRefusal = Refused | RulesRefused;

/** The rules that a robot is to have. */
export interface RulePlan {
  readonly rules: readonly FederationRule[];
  /** Ids of those whose content the change says: judged whole, and the others by what the change does to them. */
  readonly written: ReadonlySet<string>;
  /** It disables or removes rules: no finding may stand against that. */
  readonly takesAway?: true;
}

export interface ChangedRules extends ChangedRobot {
  readonly written: ReadonlySet<string>;
  /** Of all its rules, in their order. */
  readonly warnings: readonly Finding[];
}

/** Plans the rules from the robot that is there; like a `RobotEdit` it may be asked more than once. */
export type PlanRules = (robot: Robot, issuers: readonly TrustedIssuer[]) => Result<RulePlan, Refused>;

/** Changes the rules of a robot, if they are registered issuers' and the linter lets them through. */
export async function changeRules(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
  plan: PlanRules,
  options: RobotChangeOptions = {},
): Promise<Result<ChangedRules, RuleRefusal>> {
  let [written, warnings]: [ReadonlySet<string>, readonly Finding[]] = [new Set(), []];
  const changed = await changeRobot<RuleRefusal>(
    deps,
    name,
    context,
    async (robot) => {
      if (robot === undefined) return err(rejection("robot_unknown", name));
      const { issuers } = await deps.directory.readSystem();
      const planned = plan(robot, issuers);
      if (!planned.ok) return planned;
      const { rules, takesAway } = planned.value;
      const refusal = refusalOfLength(rules, robot.rules);
      if (refusal) return err(refusal);
      const judged = judge(robot, planned.value, issuers);
      if (judged.refused.length > 0 && takesAway !== true) return err(rulesRefused(judged.refused));
      [written, warnings] = [planned.value.written, judged.warnings];
      return ok({ ...robot, rules });
    },
    options,
  );
  return changed.ok ? ok({ ...changed.value, written, warnings }) : changed;
}

function judge(robot: Robot, { rules, written }: RulePlan, issuers: readonly TrustedIssuer[]): JudgedRules {
  return judgeRules(robot.rules, rules, written, lintContextOf(robot, issuers));
}

export function lintContextOf(
  { permissions, catalog }: Robot,
  issuers: readonly TrustedIssuer[],
): LintContext {
  return { issuers: lintedIssuers(issuers), robotPermissions: permissions, robotCatalog: catalog };
}

/** What must hold of a rule before the linter can look at it; undefined: it does. */
export function refusalOfRule(
  { issuer: url, audience }: DeclaredRule,
  issuers: readonly TrustedIssuer[],
): Refused | undefined {
  const issuer = issuers.find((candidate) => candidate.url === url);
  if (issuer === undefined) return rejection("issuer_unknown", url);
  if (audience === undefined || issuer.audiences.includes(audience)) return undefined;
  return rejection(
    "request_malformed",
    `audience is not one of the issuer's: ${issuer.audiences.join(", ")}`,
  );
}

/** A robot takes MAX_RULES_PER_ROBOT; undefined: there are no more. */
export function refusalOfCount(rules: readonly FederationRule[]): Refused | undefined {
  if (rules.length <= MAX_RULES_PER_ROBOT) return undefined;
  return rejection("limit_reached", `a robot has at most ${MAX_RULES_PER_ROBOT} rules`);
}

/** Rules that were written under an older limit may stay, and be changed in what does not lengthen them. */
function refusalOfLength(
  rules: readonly FederationRule[],
  old: readonly FederationRule[],
): Refused | undefined {
  const length = JSON.stringify(rules).length;
  if (length <= MAX_RULES_CHARACTERS || length <= JSON.stringify(old).length) return undefined;
  return rejection(
    "limit_reached",
    `the rules of a robot have at most ${MAX_RULES_CHARACTERS} characters as JSON; share them out over several robots`,
  );
}

export function rulesRefused(findings: readonly Finding[]): RulesRefused {
  const sentences = findings.map(
    ({ ruleIndex, at, sentence, mend, code }) =>
      `rule ${[ruleIndex + 1, ...at].join(".")} ${sentence}; ${mend} [${code}]`,
  );
  return { ...rejection("rules_refused", sentences.join(" ")), findings };
}
