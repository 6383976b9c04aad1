import type { RobotName } from "../../domain/access/names.ts";
import { type Account, isEnabled } from "../../domain/accounts/robot.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { type ExchangeReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type FederationRule, ruleCheckFor } from "../../domain/rules/federation-rule.ts";
import type { Directory } from "../ports.ts";
import type { VerifiedIdentity } from "./verify-identity-token.ts";

export interface ChosenRule {
  readonly account: Account;
  readonly rule: FederationRule;
}

/** Rules told of in one refusal's detail; the rest are counted. */
const MAX_RULES_IN_DETAIL = 20;

/**
 * DESIGN §6 step 6: the robot and its rules in one read, the first rule that matches decides, grants never merge.
 * Unknown robot, disabled robot and no match are one refusal, `no_match`; only the auditor's detail differs.
 */
export async function chooseRule(
  directory: Directory,
  robot: RobotName,
  { issuer, claims }: Pick<VerifiedIdentity, "issuer" | "claims">,
): Promise<Result<ChosenRule, Rejection<ExchangeReason>>> {
  const account = await directory.findAccount(robot);
  if (account === undefined) return err(rejection("no_match", "no such robot account"));
  if (!isEnabled(account)) return err(rejection("no_match", "the robot account is disabled"));
  const check = ruleCheckFor(claims, profileNamed(issuer.profile));
  const failures: string[] = [];
  for (const rule of account.robot.rules) {
    const failed = check(rule);
    if (failed === undefined) return ok({ account, rule });
    if (failures.length < MAX_RULES_IN_DETAIL) failures.push(`rule ${rule.id}: ${failed}`);
  }
  return err(rejection("no_match", describe(failures, account.robot.rules.length)));
}

function describe(failures: readonly string[], rules: number): string {
  if (rules === 0) return "the robot account has no rules";
  const shown = failures.join("; ");
  const more = rules - failures.length;
  return more > 0 ? `${shown}; and ${more} more` : shown;
}
