import { isRobotName, namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { mayAct } from "../../domain/accounts/caller.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { faultOfNotes, type RobotNotes } from "../../domain/accounts/robot-limits.ts";
import type { Secret } from "../../domain/accounts/secret.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ChangeContext, ManagementDeps, Versioned } from "./change-context.ts";
import { type ChangedRobot, changeRobot, type Refused, removeRobot } from "./change-robot.ts";
import { mintRobotToken, refusalOfLifetime } from "./mint-robot-token.ts";
import { readNamespacePlace } from "./namespace-place.ts";
import { robotVersion } from "./robot-version.ts";

type ReadDeps = Pick<ManagementDeps, "directory">;

export interface RobotPage {
  readonly robots: readonly Robot[];
  /** `after` of the next page; absent: there are no more. */
  readonly next?: string;
}

export interface NewRobot extends RobotNotes {
  readonly keylessOnly?: boolean;
  /** Seconds that its robot token lives; absent: until it is regenerated. */
  readonly tokenExpiresIn?: number;
}

export interface CreatedRobot extends ChangedRobot {
  /** For the answer, and nothing else. */
  readonly token?: Secret;
}

/** What is absent stays as it is. */
export interface RobotUpdate extends RobotNotes {
  readonly enabled?: boolean;
  readonly catalog?: boolean;
  readonly keylessOnly?: boolean;
}

/** Robots of a namespace in the order of their names. `after` "" is the beginning. */
export function listRobots(
  { directory }: ReadDeps,
  namespace: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Result<RobotPage, Refused>> {
  return refuseWhenUnavailable<RobotPage, Refused["reason"]>(async () => {
    if ((await readNamespacePlace(directory, namespace)) === undefined) {
      return err(rejection("namespace_unknown", namespace));
    }
    // One more than the page tells whether there is another.
    const found = await directory.listRobots(namespace, after, limit + 1);
    const robots = found.slice(0, limit);
    const last = robots.at(-1);
    return ok(found.length > limit && last ? { robots, next: last.name } : { robots });
  });
}

export function findRobot(
  { directory }: ReadDeps,
  name: RobotName,
): Promise<Result<Versioned<Robot>, Refused>> {
  return refuseWhenUnavailable<Versioned<Robot>, Refused["reason"]>(async () => {
    if (!isRobotName(name)) return err(rejection("name_malformed", name));
    const records = await directory.readRobot(name);
    if (records === undefined) return err(rejection("namespace_unknown", namespaceOfRobot(name)));
    const { robot } = records;
    if (robot === undefined) return err(rejection("robot_unknown", name));
    return ok({ value: robot, version: await robotVersion(robot) });
  });
}

/**
 * A new robot, which may do nothing yet. It has a robot token at once, as in Quay, unless it is to have none ever; one
 * that an identity token's bearer makes has none, since that caller reaches no secret.
 */
export async function createRobot(
  deps: ManagementDeps,
  name: RobotName,
  { description = "", metadata, keylessOnly = false, tokenExpiresIn }: NewRobot,
  context: ChangeContext,
): Promise<Result<CreatedRobot, Refused>> {
  const refusal =
    refusalOfNotes({ description, ...(metadata && { metadata }) }) ?? refusalOfLifetime(tokenExpiresIn);
  if (refusal !== undefined) return err(refusal);
  const hasToken = !keylessOnly && !context.caller.exchanged;
  if (!hasToken && tokenExpiresIn !== undefined) {
    return err(rejection("request_malformed", "there is no robot token that could expire"));
  }
  const minted = hasToken ? await mintRobotToken(deps, tokenExpiresIn) : undefined;
  const content = {
    enabled: true,
    description,
    permissions: [],
    catalog: false,
    rules: [],
    ...(metadata && { metadata }),
    ...(keylessOnly && { keylessOnly }),
    ...(minted && { token: { ...minted.record, number: 1 } }),
  };
  const created = await changeRobot<Refused>(deps, name, context, (robot) =>
    robot === undefined ? ok(content) : err(rejection("name_taken", name)),
  );
  if (!created.ok || minted === undefined) return created;
  return ok({ ...created.value, token: minted.secret });
}

/**
 * Changes what of a robot is neither its permissions nor its rules. Disabling it, and forbidding it a token, end what
 * was earned with it; a catalogue shows every repository's name, whose-ever it is, so it takes who may act everywhere.
 */
export async function updateRobot(
  deps: ManagementDeps,
  name: RobotName,
  update: RobotUpdate,
  context: ChangeContext,
): Promise<Result<ChangedRobot, Refused>> {
  const refusal = refusalOfNotes(update);
  if (refusal !== undefined) return err(refusal);
  return changeRobot<Refused>(deps, name, context, (robot) => {
    if (robot === undefined) return err(rejection("robot_unknown", name));
    if (update.catalog && !robot.catalog && !mayAct(context.caller, ["org:admin"])) {
      return err(rejection("permission_foreign", "the catalogue is of all namespaces"));
    }
    // Enabling it would bring its robot token back, which no job reaches.
    const reachesToken = update.keylessOnly || (update.enabled && !robot.enabled);
    if (reachesToken && robot.token && context.caller.exchanged) {
      return err(rejection("insufficient_scope"));
    }
    return ok(updated(robot, update));
  });
}

/** Removes a robot and ends all that was earned with it; its name is free at once. */
export function deleteRobot(
  deps: ManagementDeps,
  name: RobotName,
  context: ChangeContext,
): Promise<Result<void, Refused>> {
  return removeRobot(deps, name, context);
}

function updated(robot: Robot, { keylessOnly, ...update }: RobotUpdate): Robot {
  const { keylessOnly: was, token, previousToken, ...rest } = { ...robot, ...update };
  if (keylessOnly ?? was) return { ...rest, keylessOnly: true };
  return { ...rest, ...(token && { token }), ...(previousToken && { previousToken }) };
}

function refusalOfNotes(notes: RobotNotes): Refused | undefined {
  const fault = faultOfNotes(notes);
  return fault === undefined ? undefined : rejection("request_malformed", fault);
}
