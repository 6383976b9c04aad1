import type { RobotName } from "../../domain/access/names.ts";
import type { DeclaredRule } from "../../domain/accounts/declaration.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import type { KeptNearMiss } from "../../domain/near-miss.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { lintedIssuers } from "../../domain/rules/linted-issuers.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import { lintRules } from "../../domain/rules/rule-lint.ts";
import type { LintContext } from "../../domain/rules/rule-pins.ts";
import { type ProposalFault, proposeRule } from "../../domain/rules/rule-proposal.ts";
import type { Clock, Directory, NearMissStore } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { readNamespacePlace } from "./namespace-place.ts";

export interface ReviewDeps {
  readonly directory: Pick<Directory, "readRobot" | "readSystem">;
  readonly nearMisses: Pick<NearMissStore, "read">;
  readonly clock: Clock;
}

export type ReviewReason = "namespace_unknown" | "store_unavailable";

interface RuleProposal {
  readonly rule: DeclaredRule;
  /** What the linter says of it, behind the rules that the robot has. */
  readonly findings: readonly Finding[];
}

/** A near miss with the rule that it would take. */
export interface ReviewedNearMiss extends KeptNearMiss {
  readonly proposal: Result<RuleProposal, ProposalFault>;
}

export interface NearMissReview {
  /** By robot, tenant and subject, not by time: the number of one in this list means the same a minute later. */
  readonly misses: readonly ReviewedNearMiss[];
  /** Tokens of tenants that no rule of the namespace names. */
  readonly others: number;
}

/** The near misses of a namespace, for those who may read its rules. Reads the robots that they name, and no other. */
export async function reviewNearMisses(
  deps: ReviewDeps,
  namespace: string,
): Promise<Result<NearMissReview, Rejection<ReviewReason>>> {
  return refuseWhenUnavailable(async () => {
    if ((await readNamespacePlace(deps.directory, namespace)) === undefined)
      return err(rejection("namespace_unknown" as const));
    const { issuers } = await deps.directory.readSystem();
    const linted = lintedIssuers(issuers);
    const { misses, others } = await deps.nearMisses.read(namespace, deps.clock.now());
    const robots = await robotsOf(deps.directory, misses);
    const sorted = misses.toSorted((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
    return ok({
      misses: sorted.map((kept) => ({
        ...kept,
        proposal: propose(kept, robots.get(kept.miss.robot), linted),
      })),
      others,
    });
  });
}

async function robotsOf(
  directory: ReviewDeps["directory"],
  misses: readonly KeptNearMiss[],
): Promise<ReadonlyMap<RobotName, Robot | undefined>> {
  const names = new Set(misses.map(({ miss }) => miss.robot));
  return new Map(
    await Promise.all(
      [...names].map(async (name) => [name, (await directory.readRobot(name))?.robot] as const),
    ),
  );
}

function placeOf({ miss }: KeptNearMiss): string {
  return [miss.robot, miss.tenant, miss.claims.sub ?? "", miss.id].join("\n");
}

/** @param robot Undefined when it is gone, or never was: a job may knock at a name that nobody has made yet. */
function propose(
  { miss }: KeptNearMiss,
  robot: Robot | undefined,
  issuers: LintContext["issuers"],
): Result<RuleProposal, ProposalFault> {
  const proposed = proposeRule(miss);
  if (!proposed.ok) return proposed;
  const rules = [...(robot?.rules ?? []), proposed.value];
  const found = lintRules(rules, {
    issuers,
    robotPermissions: robot?.permissions ?? [],
    robotCatalog: robot?.catalog ?? false,
  });
  const findings = found.filter(({ ruleIndex }) => ruleIndex === rules.length - 1);
  return ok({ rule: proposed.value, findings });
}
