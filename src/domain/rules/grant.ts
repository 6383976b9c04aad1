import { askedActions, type DockerScope, isCatalogScope } from "../access/docker-scope.ts";
import type { Access } from "../access/granted-access.ts";
import { allowedActions, type Grant, grantOf, type Permission } from "../access/permission.ts";
import { isCovered } from "../access/permission-cover.ts";
import { isRepositoryName } from "../access/repository.ts";
import type { Robot } from "../accounts/robot.ts";
import type { VerifiedClaims } from "../identity/claims.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import type { FederationRule } from "./federation-rule.ts";
import { fillTemplate, hasVariables } from "./repository-template.ts";

/** Whose identity token earned a grant: its claims fill the variables of the rule's repositories. */
export interface GrantedTo {
  readonly claims: VerifiedClaims;
  /** The family of the token's issuer. */
  readonly profile: Profile;
}

/** All that a robot has. */
export function robotAccess(robot: Robot): Access {
  return { grants: robot.permissions.map(grantOf), catalog: robot.catalog };
}

/**
 * What an exchange under `rule` gives: the rule's part of the robot's permissions, narrowed to what was asked.
 * A rule that names permissions has no catalogue. The registry token cuts to the robot's own once more.
 */
export function narrowAccess(
  robot: Robot,
  rule: FederationRule,
  asked: readonly DockerScope[],
  to: GrantedTo,
): Access {
  const whole = robotAccess(robot);
  const ofRule = rule.permissions === undefined ? whole : accessOf(rule.permissions, robot, to);
  if (asked.length === 0) return ofRule;
  const registries = [...new Set(ofRule.grants.map((grant) => grant.registry))];
  const grants = asked
    .filter((scope) => scope.type === "repository" && isRepositoryName(scope.name))
    .flatMap((scope) =>
      registries.map((registry): Grant => {
        const byRule = allowedActions(ofRule.grants, registry, scope.name);
        const byRobot = allowedActions(whole.grants, registry, scope.name);
        const actions = askedActions(scope).filter(
          (action) => byRule.includes(action) && byRobot.includes(action),
        );
        return { registry, repository: scope.name, actions };
      }),
    )
    .filter((grant) => grant.actions.length > 0);
  return { grants, catalog: ofRule.catalog && asked.some(isCatalogScope) };
}

/** A permission whose variables cannot be filled, or lead out of the robot's own permissions, grants nothing. */
function accessOf(permissions: readonly Permission[], robot: Robot, { claims, profile }: GrantedTo): Access {
  const filled = permissions.flatMap((permission): readonly Permission[] => {
    if (!hasVariables(permission.repository)) return [permission];
    const repository = fillTemplate(permission.repository, claims, profile);
    if (repository === undefined) return [];
    const concrete = { ...permission, repository };
    return isCovered(concrete, robot.permissions) ? [concrete] : [];
  });
  return { grants: filled.map(grantOf), catalog: false };
}

export function isEmpty(access: Access): boolean {
  return access.grants.length === 0 && !access.catalog;
}
