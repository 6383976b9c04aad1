import { isRobotName, namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { auditChange, auditViewOfRobot } from "../../domain/accounts/audit-view.ts";
import { type Caller, isSuperUser } from "../../domain/accounts/caller.ts";
import type { Draw } from "../../domain/accounts/declaration.ts";
import { API_OWNER } from "../../domain/accounts/declaration.ts";
import { nextRobot, type RobotContent } from "../../domain/accounts/next-robot.ts";
import { onlyDisables } from "../../domain/accounts/only-disables.ts";
import { isAdministrative, type Namespace, type Robot } from "../../domain/accounts/robot.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { type ManagementReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CommitOutcome, RobotRecords } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps } from "./change-context.ts";
import { changeEvent } from "./change-event.ts";
import { confirmed, saysGone } from "./confirmed.ts";
import { meetsCondition } from "./object-version.ts";
import { robotVersion } from "./robot-version.ts";

export type Refused = Rejection<ManagementReason>;

/**
 * The content that a robot is to have, from the one that is there (undefined: none is), or a refusal. It may be asked
 * more than once, when others write the same namespace: it has no effect of its own. A robot itself is content.
 */
export type RobotEdit<Refusal extends Refused> = (
  robot: Robot | undefined,
  namespace: Namespace,
) => Result<RobotContent, Refusal> | Promise<Result<RobotContent, Refusal>>;

export interface RobotChangeOptions {
  /** What the record says besides; `directory.changed` unless it names another kind. */
  readonly event?: Partial<Pick<AuditEvent, "kind" | "detail" | "ruleId" | "credentialId">>;
  /** For what an owner does not own: a token that it declares not, and the end of a credential. */
  readonly anyOwner?: true;
  /** Ends every live credential of the robot, also where the content gives no cause. */
  readonly freshNonce?: true;
}

export interface ChangedRobot {
  readonly robot: Robot;
  readonly version: string;
}

/** Tries against others who write the same namespace; each of them got through, so it ends. */
export const MAX_ATTEMPTS = 5;

/**
 * 128 random bits for each nonce or id. What would begin with `-` begins with `_`: an id is an argument of commands,
 * which take `-` for an option.
 */
export function drawFrom(random: RandomBytes): Draw {
  return () => encodeBase64url(random(16)).replace(/^-/, "_");
}

/**
 * The one way by which a robot, its token, its permissions and its rules are changed: in one commit with the record
 * of who did it. Content that is there already is no change, and leaves no record.
 *
 * What the caller's scopes allow is checked by who calls; here, what depends on the robot: that nobody else manages
 * it, its version, and that only an operator writes one that grants API scopes, unless it is to disable it or to end
 * what it earned.
 */
export function changeRobot<Refusal extends Refused = Refused>(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
  edit: RobotEdit<Refusal>,
  options: RobotChangeOptions = {},
): Promise<Result<ChangedRobot, Refusal | Refused>> {
  const { directory } = deps;
  return whileOthersWrite(deps, name, async (records) => {
    const namespace = records.namespace.name;
    const wanted = await edit(records.robot, records.namespace);
    if (!wanted.ok) return saysGone(wanted.error) ? confirmed(directory, namespace, wanted) : wanted;
    const next = plannedRobot(deps, name, wanted.value, records.robot, options);
    const refusal = await refusalOf(records.robot, next, context, options);
    if (refusal !== undefined) return err(refusal);
    if (records.robot !== undefined && canonicalJson(next) === canonicalJson(records.robot)) {
      return confirmed(directory, namespace, await done(next));
    }
    return (await commitRobot(deps, name, records, next, context, options)) === "committed"
      ? done(next)
      : undefined;
  });
}

/** Removes a robot with its rules, its permissions and its token; its name is free at once. */
export function removeRobot(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
): Promise<Result<void, Refused>> {
  return whileOthersWrite(deps, name, async (records) => {
    if (records.robot === undefined) {
      return confirmed(deps.directory, records.namespace.name, err(rejection("robot_unknown", name)));
    }
    const refusal = await refusalOf(records.robot, undefined, context, {});
    if (refusal !== undefined) return err(refusal);
    return (await commitRobot(deps, name, records, undefined, context, {})) === "committed"
      ? ok(undefined)
      : undefined;
  });
}

/** @param attempt Undefined: somebody else wrote in between. */
async function whileOthersWrite<T, Refusal extends Refused>(
  { directory }: ManagementDeps,
  name: RobotName,
  attempt: (records: RobotRecords) => Promise<Result<T, Refusal | Refused> | undefined>,
): Promise<Result<T, Refusal | Refused>> {
  // A store makes keys of names: what is none gets no further.
  if (!isRobotName(name)) return err(rejection("name_malformed", name));
  // A result within a result: what more than a reason a refusal of the edit carries is kept.
  const answered = await refuseWhenUnavailable<Result<T, Refusal | Refused>, never>(async () => {
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const records = await directory.readRobot(name);
      if (records === undefined) {
        const namespace = namespaceOfRobot(name);
        return ok(await confirmed(directory, namespace, err(rejection("namespace_unknown", namespace))));
      }
      const outcome = await attempt(records);
      if (outcome !== undefined) return ok(outcome);
    }
    return ok(err(rejection("conflict", name)));
  });
  return answered.ok ? answered.value : answered;
}

async function done(robot: Robot): Promise<Result<ChangedRobot, never>> {
  return ok({ robot, version: await robotVersion(robot) });
}

function plannedRobot(
  { clock, random }: ManagementDeps,
  name: RobotName,
  content: RobotContent,
  old: Robot | undefined,
  { freshNonce }: RobotChangeOptions,
): Robot {
  const draw = drawFrom(random);
  const owner = old?.managedBy ?? API_OWNER;
  const next = nextRobot(name, content, old, { owner, draw, now: Math.floor(clock.now() / 1000) });
  return freshNonce === true && next.nonce === old?.nonce ? { ...next, nonce: draw() } : next;
}

/** @param next Undefined: it is to go. */
async function refusalOf(
  old: Robot | undefined,
  next: Robot | undefined,
  context: ChangeContext,
  { anyOwner, event }: RobotChangeOptions,
): Promise<Refused | undefined> {
  const version = old && (await robotVersion(old));
  if (!meetsCondition(context, version)) return rejection("precondition_failed");
  const isForeign = old !== undefined && old.managedBy !== API_OWNER;
  if (isForeign && anyOwner !== true && !(next && onlyDisables(old, next))) {
    return rejection("managed_elsewhere", old.managedBy);
  }
  const ends = event?.kind === "credentials.cut_off" || (old && next && onlyDisables(old, next)) === true;
  if (!mayWriteKind([old, next], context.caller, ends)) return rejection("administrative_robot");
  if (next && isAdministrative(next) && (next.permissions.length > 0 || next.catalog)) {
    return rejection("rules_refused", "a robot that grants API scopes has no registry permissions");
  }
  return undefined;
}

/**
 * Only an operator writes a robot that grants API scopes. But whoever may end what ordinary robots earned must be able
 * to stop the one that could do most.
 */
function mayWriteKind(robots: readonly (Robot | undefined)[], caller: Caller, ends: boolean): boolean {
  if (isSuperUser(caller) || (ends && !caller.exchanged)) return true;
  return !robots.some((robot) => robot && isAdministrative(robot));
}

function commitRobot(
  deps: ManagementDeps,
  name: RobotName,
  { revision, namespace, robot }: RobotRecords,
  next: Robot | undefined,
  context: ChangeContext,
  { event }: RobotChangeOptions,
): Promise<CommitOutcome> {
  const [before, after] = [robot, next].map((one) => one && auditViewOfRobot(one));
  return deps.directory.commitNamespace({
    name: namespace.name,
    fromRevision: revision,
    namespace,
    putRobots: next ? [next] : [],
    removeRobots: next ? [] : [name],
    event: changeEvent(deps, context, {
      kind: "directory.changed",
      ...event,
      namespace: namespace.name,
      robot: name,
      changes: [auditChange(`robot ${name}`, before, after)],
    }),
  });
}
