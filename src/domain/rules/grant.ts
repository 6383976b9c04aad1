import { askedActions, type DockerScope, isCatalogScope } from "../access/docker-scope.ts";
import type { Access } from "../access/granted-access.ts";
import { allowedActions, type Grant, grantOf } from "../access/permission.ts";
import { isRepositoryName } from "../access/repository.ts";
import type { Robot } from "../accounts/robot.ts";
import type { FederationRule } from "./federation-rule.ts";

/** All that a robot has. */
export function robotAccess(robot: Robot): Access {
  return { grants: robot.permissions.map(grantOf), catalog: robot.catalog };
}

/**
 * What an exchange under `rule` gives: the rule's part of the robot's permissions, narrowed to what was asked.
 * A rule that names permissions has no catalogue. The registry token cuts to the robot's own once more.
 */
export function narrowAccess(robot: Robot, rule: FederationRule, asked: readonly DockerScope[]): Access {
  const whole = robotAccess(robot);
  const ofRule: Access =
    rule.permissions === undefined ? whole : { grants: rule.permissions.map(grantOf), catalog: false };
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

export function isEmpty(access: Access): boolean {
  return access.grants.length === 0 && !access.catalog;
}
