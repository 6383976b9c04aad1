import { isRobotName, namespaceOfRobot } from "./access/names.ts";
import type { AuditEvent, AuditKind } from "./audit-event.ts";

/** What an auditor looks for; what is absent leaves all in. */
export interface AuditQuery {
  readonly namespace?: string;
  readonly robot?: string;
  readonly kind?: AuditKind;
  readonly reason?: string;
  readonly credentialId?: string;
  readonly requestId?: string;
  /** A value of the provenance, such as the run's id. */
  readonly run?: string;
  /** Unix milliseconds, inclusive. */
  readonly since?: number;
  /** Unix milliseconds, exclusive. */
  readonly until?: number;
}

export function matchesAuditQuery(event: AuditEvent, query: AuditQuery): boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  return (
    event.at >= since &&
    event.at < until &&
    isAsked(query.namespace, namespaceOfEvent(event)) &&
    isAsked(query.robot, event.robot) &&
    isAsked(query.kind, event.kind) &&
    isAsked(query.reason, event.reason) &&
    isAsked(query.requestId, event.requestId) &&
    (query.credentialId === undefined ||
      [event.credentialId, event.replacedCredentialId].includes(query.credentialId)) &&
    (query.run === undefined || Object.values(event.provenance ?? {}).includes(query.run))
  );
}

/** The one namespace that an event is about; undefined for what concerns all. */
export function namespaceOfEvent({ namespace, robot }: AuditEvent): string | undefined {
  if (namespace !== undefined) return namespace;
  return robot !== undefined && isRobotName(robot) ? namespaceOfRobot(robot) : undefined;
}

function isAsked(asked: string | undefined, value: string | undefined): boolean {
  return asked === undefined || asked === value;
}
