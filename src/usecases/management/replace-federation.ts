import type { RobotName } from "../../domain/access/names.ts";
import type { Draw } from "../../domain/accounts/declaration.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type FederationRule, MAX_CREDENTIAL_SECONDS } from "../../domain/rules/federation-rule.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { drawFrom, type Refused } from "./change-robot.ts";
import {
  changeRules,
  type PlanRules,
  type RuleRefusal,
  refusalOfCount,
  refusalOfRule,
} from "./change-rules.ts";
import { listRules, type RuleList } from "./manage-rules.ts";

/** A rule as Quay's federation API has it: all that its form can say. */
export interface FederationEntry {
  readonly issuer: string;
  readonly subject: string;
}

export interface Federation extends Omit<RuleList, "rules"> {
  readonly entries: readonly FederationEntry[];
}

/** Issuer and subject of each rule, once. */
export async function readFederation(
  deps: Pick<ManagementDeps, "directory">,
  name: RobotName,
): Promise<Result<readonly FederationEntry[], Refused>> {
  const listed = await listRules(deps, name);
  return listed.ok ? ok(entriesOf(listed.value.rules)) : listed;
}

/**
 * Makes `entries` the robot's federation, as Quay's POST does.
 *
 * An entry of an issuer and a subject that the robot has rules for keeps those rules whole: their claims,
 * permissions, and whether they are enabled. Quay's form cannot say these, and to drop them would let in whom they
 * keep out. Quay's list has no order that means anything, so rules that stay keep theirs, and new ones come last:
 * sending back what `readFederation` gave changes nothing.
 */
export async function replaceFederation(
  deps: ManagementDeps,
  name: RobotName,
  entries: readonly FederationEntry[],
  context: ChangeContext,
): Promise<Result<Federation, RuleRefusal>> {
  const wanted = new Map(entries.map((entry) => [keyOf(entry), entry]));
  // Quay's own sentence, which scripts may look for.
  if (wanted.size < entries.length) {
    return err(rejection("request_malformed", "Duplicate federation config entry"));
  }
  const draw = drawFrom(deps.random);
  const plan: PlanRules = ({ rules }, issuers) => {
    const kept = rules.filter((rule) => wanted.has(keyOf(rule)));
    const present = new Set(kept.map(keyOf));
    const added = entries.filter((entry) => !present.has(keyOf(entry))).map((entry) => newRule(entry, draw));
    const next = [...kept, ...added];
    const refusal =
      added.map((rule) => refusalOfRule(rule, issuers)).find((found) => found !== undefined) ??
      refusalOfCount(next);
    return refusal ? err(refusal) : ok({ rules: next, written: new Set(added.map(({ id }) => id)) });
  };
  const changed = await changeRules(deps, name, context, plan);
  if (!changed.ok) return changed;
  const { robot, version, warnings } = changed.value;
  return ok({ entries: entriesOf(robot.rules), version, warnings });
}

/** Removes all rules of a robot, those that Quay's form cannot show included. */
export function clearFederation(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
): Promise<Result<Federation, RuleRefusal>> {
  return replaceFederation(deps, name, [], context);
}

function newRule({ issuer, subject }: FederationEntry, draw: Draw): FederationRule {
  return {
    id: draw(),
    nonce: draw(),
    enabled: true,
    description: "",
    issuer,
    subject,
    claims: {},
    ttlSeconds: MAX_CREDENTIAL_SECONDS,
  };
}

function entriesOf(rules: readonly FederationRule[]): readonly FederationEntry[] {
  const entries = rules.map(({ issuer, subject }): FederationEntry => ({ issuer, subject }));
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

/** Both, apart: joined by a colon, which stands in each of them, two entries could be one. */
function keyOf({ issuer, subject }: FederationEntry): string {
  return canonicalJson([issuer, subject]);
}
