import { isRobotName, namespaceOfRobot } from "../../domain/access/names.ts";
import type { AuditQuery } from "../../domain/audit-query.ts";

/** The one namespace that a query is about, whose own record then is enough; undefined: any may have its events. */
export function askedNamespace({ namespace, robot }: AuditQuery): string | undefined {
  if (namespace !== undefined) return namespace;
  return robot !== undefined && isRobotName(robot) ? namespaceOfRobot(robot) : undefined;
}
