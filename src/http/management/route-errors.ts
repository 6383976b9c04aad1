import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ManagementReason } from "../../domain/rejection.ts";
import { MANAGEMENT_ERRORS } from "./management-error.ts";
import type { ManagementRoute, RouteFacts } from "./route-definition.ts";

/** Every reason for which the route may refuse, those of the frame included. */
export function reasonsOf(route: ManagementRoute): readonly ManagementReason[] {
  const reasons: ManagementReason[] = [
    "unauthenticated",
    "insufficient_scope",
    "rate_limited",
    "store_unavailable",
  ];
  if (route.path.includes("{")) reasons.push("name_malformed");
  if (route.query !== undefined || route.body !== undefined || takesCondition(route)) {
    reasons.push("request_malformed");
  }
  return [...new Set([...reasons, ...route.errors])];
}

/** Whether the route heeds If-Match. */
export function takesCondition({ errors }: Pick<RouteFacts, "errors">): boolean {
  return errors.includes("precondition_failed");
}

/** Of an unknown object: 404 when the path names it, 400 when the request's content does. */
export function statusOf(
  { namedInBody = [] }: Pick<RouteFacts, "namedInBody">,
  reason: ManagementReason,
): ContentfulStatusCode {
  return namedInBody.includes(reason) ? 400 : MANAGEMENT_ERRORS[reason].status;
}

/** Those with which the route may answer a request that it does not carry out. */
export function errorStatusesOf(route: ManagementRoute): ReadonlyMap<number, readonly ManagementReason[]> {
  const byStatus = Map.groupBy(reasonsOf(route), (reason): number => statusOf(route, reason));
  if (route.body !== undefined) {
    for (const status of [413, 415]) byStatus.set(status, ["request_malformed"]);
  }
  return byStatus;
}
