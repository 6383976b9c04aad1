import { isRobotName, namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import { reviseRule } from "../../domain/accounts/rule-carry.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import { lintRules } from "../../domain/rules/rule-lint.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { drawFrom, type Refused } from "./change-robot.ts";
import {
  type ChangedRules,
  changeRules,
  lintContextOf,
  type PlanRules,
  type RulePlan,
  type RuleRefusal,
  refusalOfCount,
  refusalOfRule,
} from "./change-rules.ts";
import { robotVersion } from "./robot-version.ts";

/** A robot's rules in the order in which an exchange tries them. */
export interface RuleList {
  readonly rules: readonly FederationRule[];
  /** The robot's: rules are a part of it. */
  readonly version: string;
  readonly warnings: readonly Finding[];
}

export interface SavedRule {
  readonly rule: FederationRule;
  /** The robot's. */
  readonly version: string;
  /** Of this rule. */
  readonly warnings: readonly Finding[];
}

const NONE: ReadonlySet<string> = new Set();
const TAKES_AWAY = { takesAway: true } as const;

type Saved<T> = Promise<Result<T, RuleRefusal>>;

/** The rules of a robot. What the linter would refuse today stands among the warnings: it is saved already. */
export function listRules(
  { directory }: Pick<ManagementDeps, "directory">,
  name: RobotName,
): Promise<Result<RuleList, Refused>> {
  return refuseWhenUnavailable<RuleList, Refused["reason"]>(async () => {
    // A store makes keys of names: what is none gets no further.
    if (!isRobotName(name)) return err(rejection("name_malformed", name));
    const records = await directory.readRobot(name);
    if (records === undefined) return err(rejection("namespace_unknown", namespaceOfRobot(name)));
    const { robot } = records;
    if (robot === undefined) return err(rejection("robot_unknown", name));
    const { issuers } = await directory.readSystem();
    const warnings = lintRules(robot.rules, lintContextOf(robot, issuers));
    return ok({ rules: robot.rules, version: await robotVersion(robot), warnings });
  });
}

/** Adds a rule: as the last, or before the one with the id `before`, since the first that matches decides. */
export async function createRule(
  deps: ManagementDeps,
  name: RobotName,
  declared: DeclaredRule,
  { before }: { readonly before?: string },
  context: ChangeContext,
): Saved<SavedRule> {
  const draw = drawFrom(deps.random);
  const rule: FederationRule = { ...declared, id: draw(), nonce: draw() };
  const plan: PlanRules = ({ rules }, issuers) => {
    const at = before === undefined ? rules.length : positionOf(rules, before);
    if (at < 0) return err(rejection("rule_unknown", before));
    const next = rules.toSpliced(at, 0, rule);
    const refusal = refusalOfRule(declared, issuers) ?? refusalOfCount(next);
    return refusal ? err(refusal) : ok({ rules: next, written: new Set([rule.id]) });
  };
  return savedRule(await changeRules(deps, name, context, plan, { event: { ruleId: rule.id } }), rule.id);
}

/**
 * Writes a rule anew in its place. Its id stays, unless it has pinned the ids of other jobs than it names now; what
 * was earned by it is dead if it asks or grants something else than before (`reviseRule`).
 */
export function updateRule(
  deps: ManagementDeps,
  name: RobotName,
  ruleId: string,
  declared: DeclaredRule,
  context: ChangeContext,
): Saved<SavedRule> {
  const check = (issuers: readonly TrustedIssuer[]) => refusalOfRule(declared, issuers);
  return reviseOne(deps, name, ruleId, context, { revise: () => declared, check });
}

/** Disabling a rule ends what was earned by it, and may be done to one that a file manages. Enabling lints it. */
export function setRuleEnabled(
  deps: ManagementDeps,
  name: RobotName,
  ruleId: string,
  enabled: boolean,
  context: ChangeContext,
): Saved<SavedRule> {
  const revise = (rule: FederationRule) => ({ ...rule, enabled });
  return reviseOne(deps, name, ruleId, context, { revise, ...(enabled ? {} : TAKES_AWAY) });
}

/** Removes a rule; what was earned by it is dead. */
export async function deleteRule(
  deps: ManagementDeps,
  name: RobotName,
  ruleId: string,
  context: ChangeContext,
): Saved<RuleList> {
  const plan: PlanRules = ({ rules }) => {
    const at = positionOf(rules, ruleId);
    if (at < 0) return err(rejection("rule_unknown", ruleId));
    return ok({ rules: rules.toSpliced(at, 1), written: NONE, ...TAKES_AWAY });
  };
  return savedList(await changeRules(deps, name, context, plan, { event: { ruleId } }));
}

/** Puts the rules in the order of `ids`: exactly those that the robot has. Revokes nothing. */
export async function reorderRules(
  deps: ManagementDeps,
  name: RobotName,
  ids: readonly string[],
  context: ChangeContext,
): Saved<RuleList> {
  const plan: PlanRules = ({ rules }) => {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const ordered = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    return ordered.length === rules.length && ids.length === rules.length
      ? ok({ rules: ordered, written: NONE })
      : err(rejection("request_malformed", "the list must hold the id of each of the robot's rules, once"));
  };
  return savedList(await changeRules(deps, name, context, plan));
}

interface Revision extends Pick<RulePlan, "takesAway"> {
  readonly revise: (rule: FederationRule) => DeclaredRule;
  readonly check?: (issuers: readonly TrustedIssuer[]) => Refused | undefined;
}

async function reviseOne(
  deps: ManagementDeps,
  name: RobotName,
  ruleId: string,
  context: ChangeContext,
  { revise, check, ...takesAway }: Revision,
): Saved<SavedRule> {
  const draw = drawFrom(deps.random);
  const plan: PlanRules = ({ rules }, issuers) => {
    const refusal = check?.(issuers);
    if (refusal) return err(refusal);
    const revised = rules.map((rule) => (rule.id === ruleId ? reviseRule(rule, revise(rule), draw) : rule));
    const written = new Set(revised.filter((_, at) => rules[at]?.id === ruleId).map(({ id }) => id));
    return ok({ rules: revised, written, ...takesAway });
  };
  return savedRule(await changeRules(deps, name, context, plan, { event: { ruleId } }), ruleId);
}

function savedRule(
  changed: Result<ChangedRules, RuleRefusal>,
  ruleId: string,
): Result<SavedRule, RuleRefusal> {
  if (!changed.ok) return changed;
  const { robot, version, written, warnings } = changed.value;
  const at = robot.rules.findIndex(({ id }) => written.has(id));
  const rule = robot.rules[at];
  if (rule === undefined) return err(rejection("rule_unknown", ruleId));
  return ok({ rule, version, warnings: warnings.filter(({ ruleIndex }) => ruleIndex === at) });
}

function savedList(changed: Result<ChangedRules, RuleRefusal>): Result<RuleList, RuleRefusal> {
  if (!changed.ok) return changed;
  const { robot, version, warnings } = changed.value;
  return ok({ rules: robot.rules, version, warnings });
}

function positionOf(rules: readonly FederationRule[], id: string): number {
  return rules.findIndex((rule) => rule.id === id);
}
