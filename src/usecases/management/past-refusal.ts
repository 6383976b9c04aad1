import type { AuditEvent } from "../../domain/audit-event.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { type KeptNearMiss, stableClaims } from "../../domain/near-miss.ts";
import type { AuditLog, Clock, NearMissStore } from "../ports.ts";

interface RefusalDeps {
  readonly auditLog: Pick<AuditLog, "query">;
  readonly nearMisses: Pick<NearMissStore, "read">;
  readonly clock: Clock;
}

/** A refused exchange as it was recorded. */
export interface PastRefusal {
  readonly requestId: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly robot: string;
  readonly reason: string;
  /** The failed condition of each rule as the rules were then. */
  readonly detail: string;
  /** What was written down of the token: issuer and subject, and the claims of a near miss where it is one. */
  readonly claims: Readonly<Record<string, string>>;
}

/**
 * The refused exchange of that request id, if it asked for a robot of `namespace`: whoever may read one namespace's
 * rules learns nothing of the jobs that knock at another's.
 */
export async function findRefusal(
  deps: RefusalDeps,
  namespace: string,
  requestId: string,
): Promise<PastRefusal | undefined> {
  const event = await findEvent(deps, namespace, requestId);
  if (event === undefined) return undefined;
  const { misses } = await deps.nearMisses.read(namespace, deps.clock.now());
  const miss = misses.find(({ requestIds }) => requestIds.includes(requestId));
  const { at, robot = "", reason = "", detail = "", issuer, subject } = event;
  return {
    requestId,
    at,
    robot,
    reason,
    detail,
    claims: {
      ...(miss === undefined ? {} : claimsOf(miss, requestId)),
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(subject === undefined ? {} : { sub: subject }),
    },
  };
}

async function findEvent(
  { auditLog }: RefusalDeps,
  namespace: string,
  requestId: string,
): Promise<AuditEvent | undefined> {
  const query = { kind: "exchange.refused", namespace, requestId } as const;
  let page = await auditLog.query(query, { limit: 1 });
  while (page.events.length === 0 && page.next !== undefined) {
    page = await auditLog.query(query, { limit: 1, after: page.next });
  }
  return page.events[0];
}

/** The claims that differ between runs are those of the newest. */
function claimsOf({ miss, requestIds }: KeptNearMiss, requestId: string): Readonly<Record<string, string>> {
  return requestIds[0] === requestId ? miss.claims : stableClaims(miss.claims, profileNamed(miss.profile));
}
