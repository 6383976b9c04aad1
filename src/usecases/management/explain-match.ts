import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { type Account, isEnabled } from "../../domain/accounts/robot.ts";
import { stringClaim } from "../../domain/identity/claims.ts";
import { profileNamed, profileOf } from "../../domain/identity/profiles/all.ts";
import { parseUnsignedClaims, type UnsignedClaimsReason } from "../../domain/identity/unsigned-claims.ts";
import { claimsOfRecord } from "../../domain/near-miss.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { type IssuerCheckReport, reportIssuer } from "../../domain/rules/issuer-report.ts";
import {
  type ConditionReport,
  type KnownClaims,
  type Outcome,
  overall,
  type RuleReport,
  reportPins,
  reportRule,
} from "../../domain/rules/rule-report.ts";
import type { AuditLog, Clock, Directory, NearMissStore } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { findRefusal, type PastRefusal } from "./past-refusal.ts";

export interface ExplainDeps {
  readonly directory: Pick<Directory, "findAccount" | "readSystem">;
  readonly auditLog: Pick<AuditLog, "query">;
  readonly nearMisses: Pick<NearMissStore, "read">;
  readonly clock: Clock;
}

/** What is to be explained: claims as `parseUnsignedClaims` takes them, or the request id of a refused exchange. */
export type ExplainQuestion =
  | { readonly kind: "claims"; readonly text: string }
  | { readonly kind: "request"; readonly requestId: string };

export type ExplainReason = UnsignedClaimsReason | "robot_unknown" | "request_unknown" | "store_unavailable";

export interface MatchExplanation {
  readonly robot: RobotName;
  /** Namespace and robot. */
  readonly robotEnabled: boolean;
  readonly issuerChecks: readonly IssuerCheckReport[];
  /** In the order in which an exchange tries them; the first that is met decides. */
  readonly rules: readonly RuleReport[];
  /** The id of the rule that decides. */
  readonly decidingRule?: string;
  /** What the deciding rule has pinned. */
  readonly pins: readonly ConditionReport[];
  /** Whether an exchange would go on to use the token up; the signature and the time of day are not looked at. */
  readonly outcome: Outcome;
  /** Of a request: what was recorded of it then. The rules are those of today. */
  readonly recorded?: PastRefusal;
}

/**
 * Why a token does, or does not, act as `robot`: rule by rule, condition by condition, with what the token says.
 *
 * For those who may read the robot's rules: the answer is full of their values, so nothing of it may reach the
 * caller of an exchange. It verifies nothing and uses nothing up; claims can say what they like.
 */
export async function explainMatch(
  deps: ExplainDeps,
  robot: RobotName,
  question: ExplainQuestion,
): Promise<Result<MatchExplanation, Rejection<ExplainReason>>> {
  return refuseWhenUnavailable(async () => {
    const asked = await knownClaims(deps, robot, question);
    if (!asked.ok) return asked;
    const account = await deps.directory.findAccount(robot);
    if (account === undefined) return err(rejection("robot_unknown"));
    const { known, recorded } = asked.value;
    const explained = explainAccount(account, known, await issuerOf(deps, known));
    return ok(recorded === undefined ? explained : { ...explained, recorded });
  });
}

interface Asked {
  readonly known: KnownClaims;
  readonly recorded?: PastRefusal;
}

async function knownClaims(
  deps: ExplainDeps,
  robot: RobotName,
  question: ExplainQuestion,
): Promise<Result<Asked, Rejection<ExplainReason>>> {
  if (question.kind === "claims") {
    const claims = parseUnsignedClaims(question.text);
    return claims.ok ? ok({ known: { claims: claims.value, complete: true } }) : claims;
  }
  const recorded = await findRefusal(deps, namespaceOfRobot(robot), question.requestId);
  if (recorded === undefined) return err(rejection("request_unknown"));
  return ok({ known: { claims: claimsOfRecord(recorded.claims), complete: false }, recorded });
}

async function issuerOf(deps: ExplainDeps, { claims }: KnownClaims) {
  const url = stringClaim(claims, "iss");
  const { issuers } = await deps.directory.readSystem();
  return issuers.find((issuer) => issuer.url === url);
}

function explainAccount(
  account: Account,
  known: KnownClaims,
  issuer: Parameters<typeof reportIssuer>[0],
): MatchExplanation {
  const profile = issuer ? profileNamed(issuer.profile) : profileOf(stringClaim(known.claims, "iss") ?? "");
  const issuerChecks = reportIssuer(issuer, known);
  const rules = account.robot.rules.map((rule) => reportRule(rule, known, profile));
  const deciding = rules.find(({ outcome }) => outcome === "met");
  const pinned = deciding && account.pins?.[deciding.ruleId];
  const pins = pinned ? reportPins(pinned, known) : [];
  const robotEnabled = isEnabled(account);
  const gates = [{ outcome: robotEnabled ? "met" : "failed" } as const, ...issuerChecks, ...pins];
  return {
    robot: account.robot.name,
    robotEnabled,
    issuerChecks,
    rules,
    ...(deciding === undefined ? {} : { decidingRule: deciding.ruleId }),
    pins,
    outcome: overall([...gates, { outcome: anyOf(rules) }]),
  };
}

/** One rule that is met is enough. */
function anyOf(rules: readonly RuleReport[]): Outcome {
  const outcomes = rules.map(({ outcome }) => outcome);
  if (outcomes.includes("met")) return "met";
  return outcomes.includes("unknown") ? "unknown" : "failed";
}
