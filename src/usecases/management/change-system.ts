import type { Registry } from "../../domain/access/registry.ts";
import { isSuperUser } from "../../domain/accounts/caller.ts";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CommitOutcome, SystemChange, SystemRecords } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { MAX_ATTEMPTS, type Refused } from "./change-robot.ts";
import { confirmed, saysGone } from "./confirmed.ts";
import { meetsCondition, objectVersion } from "./object-version.ts";

type SystemDeps = Pick<ManagementDeps, "directory" | "clock">;
type Writes = Omit<SystemChange, "fromRevision" | "event">;

interface SystemWrite extends Partial<Writes> {
  readonly event: Partial<Pick<AuditEvent, "kind" | "detail" | "issuer" | "registry" | "changes">>;
}

/** What a change of issuers and registries writes, and what it gives when that is committed. */
export interface SystemPlan<T> {
  readonly value: T;
  /** Absent: what is wanted is there already, so nothing is written and nothing recorded. */
  readonly write?: SystemWrite;
}

/** Plans from the records as they are; it may be asked more than once, when others write them too. */
export type PlanSystemChange<T> = (records: SystemRecords) => Promise<Result<SystemPlan<T>, Refused>>;

const NOTHING: Writes = { putIssuers: [], removeIssuers: [], putRegistries: [], removeRegistries: [] };

/**
 * The one way by which issuers and registries are changed over the API: by an operator alone, whatever the route
 * said, since they decide whom Berth trusts; in one commit with the record of who did it.
 */
export async function changeSystem<T>(
  deps: SystemDeps,
  context: ChangeContext,
  plan: PlanSystemChange<T>,
): Promise<Result<T, Refused>> {
  const { caller } = context;
  if (!isSuperUser(caller) || caller.exchanged) return err(rejection("insufficient_scope"));
  return refuseWhenUnavailable<T, Refused["reason"]>(async () => {
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const outcome = await tryChange(deps, context, plan);
      if (outcome !== undefined) return outcome;
    }
    return err(rejection("conflict"));
  });
}

/** Undefined: somebody else wrote in between. */
async function tryChange<T>(
  deps: SystemDeps,
  context: ChangeContext,
  plan: PlanSystemChange<T>,
): Promise<Result<T, Refused> | undefined> {
  const records = await deps.directory.readSystem();
  const planned = await plan(records);
  if (!planned.ok) return saysGone(planned.error) ? confirmed(deps.directory, undefined, planned) : planned;
  const { value, write } = planned.value;
  if (write === undefined) return confirmed(deps.directory, undefined, ok(value));
  const outcome = await commit(deps, context, records.revision, write);
  return outcome === "committed" ? ok(value) : undefined;
}

function commit(
  deps: SystemDeps,
  context: ChangeContext,
  fromRevision: number,
  { event, ...writes }: SystemWrite,
): Promise<CommitOutcome> {
  return deps.directory.commitSystem({
    ...NOTHING,
    ...writes,
    fromRevision,
    event: changeEvent(deps, context, { kind: "directory.changed", ...event }),
  });
}

/** What stands against a write of an issuer or a registry, if it is there. Disabling may be done to anybody's. */
export async function refusalOfObject(
  context: ChangeContext,
  old: TrustedIssuer | Registry | undefined,
  { disables = false }: { readonly disables?: boolean } = {},
): Promise<Refused | undefined> {
  if (!meetsCondition(context, old && (await objectVersion(old)))) return rejection("precondition_failed");
  if (old === undefined || old.managedBy === API_OWNER || disables) return undefined;
  return rejection("managed_elsewhere", old.managedBy);
}
