import { isRobotName, namespaceOfRobot } from "../../domain/access/names.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { profileNamed } from "../../domain/identity/profiles/all.ts";
import { type KeptNearMiss, stableClaims } from "../../domain/near-miss.ts";
import type { Clock, Ledger, NearMissStore } from "../ports.ts";

interface RefusalDeps {
  readonly ledger: Pick<Ledger, "readEvents">;
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

/** How far back a request is looked for. */
const MAX_EVENTS = 5000;

/**
 * The refused exchange of that request id, if it asked for a robot of `namespace`: whoever may read one namespace's
 * rules learns nothing of the jobs that knock at another's.
 */
export async function findRefusal(
  deps: RefusalDeps,
  namespace: string,
  requestId: string,
): Promise<PastRefusal | undefined> {
  const events = await deps.ledger.readEvents(MAX_EVENTS);
  const event = events.find(
    (one) => one.kind === "exchange.refused" && one.requestId === requestId && isOf(namespace, one),
  );
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

function isOf(namespace: string, { robot }: AuditEvent): boolean {
  return robot !== undefined && isRobotName(robot) && namespaceOfRobot(robot) === namespace;
}

/** The claims that differ between runs are those of the newest. */
function claimsOf({ miss, requestIds }: KeptNearMiss, requestId: string): Readonly<Record<string, string>> {
  return requestIds[0] === requestId ? miss.claims : stableClaims(miss.claims, profileNamed(miss.profile));
}
