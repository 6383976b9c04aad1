import type { ManagementRoute } from "../route-definition.ts";
import { federationRoutes } from "./federation-routes.ts";
import { ORGANIZATION_ROUTES } from "./organization-routes.ts";
import { REPOSITORY_PERMISSION_ROUTES } from "./repository-permission-routes.ts";
import { robotChangeRoutes } from "./robot-change-routes.ts";
import { robotListRoutes } from "./robot-list-routes.ts";
import { type OneRobot, ORGANIZATION_ROBOTS, type RobotOwner, USER_ROBOTS } from "./robot-owner.ts";
import { robotPermissionRoute } from "./robot-permission-routes.ts";
import { USER_ROUTES } from "./user-routes.ts";

/** Quay's paths with Quay's shapes; docs/quay-compatibility.md says where an answer differs. */
export const QUAY_ROUTES: readonly ManagementRoute[] = [
  ...ORGANIZATION_ROUTES,
  ...USER_ROUTES,
  ...robotRoutes(ORGANIZATION_ROBOTS),
  ...robotRoutes(USER_ROBOTS),
  ...REPOSITORY_PERMISSION_ROUTES,
];

function robotRoutes<List, One extends OneRobot>(owner: RobotOwner<List, One>): readonly ManagementRoute[] {
  return [
    ...robotListRoutes(owner),
    ...robotChangeRoutes(owner),
    robotPermissionRoute(owner),
    ...federationRoutes(owner),
  ];
}
