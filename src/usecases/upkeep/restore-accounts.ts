import { API_OWNER } from "../../domain/accounts/declaration.ts";
import type { Namespace } from "../../domain/accounts/robot.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { BackedUpNamespace } from "./backup-format.ts";
import { secondsNow } from "./key-deps.ts";
import { KEPT_CHANGING, type RestoreRun, settle, stepEvent } from "./restore-run.ts";
import { type RestoredNamespace, restoredNamespace } from "./restored-namespace.ts";

export interface RestoredAccounts {
  readonly namespaces: number;
  readonly robots: number;
  /** Names of robots that had a token in the backup and have none now. */
  readonly robotTokensLost: readonly string[];
  /** How many robot tokens came back that were not alive. */
  readonly robotTokensRevived: number;
}

interface Failure {
  readonly ok: false;
  readonly error: string;
}

/** Issuers and registries in one commit, each namespace in one of its own, then the end of those of no backup. */
export async function restoreAccounts(run: RestoreRun): Promise<Result<RestoredAccounts, string>> {
  const { backup } = run;
  const system = await restoreSystem(run);
  if (!system.ok) return system;
  const restored: RestoredNamespace[] = [];
  for (const namespace of backup.namespaces) {
    const done = await restoreNamespace(run, namespace);
    if (!done.ok) return done;
    restored.push(done.value);
  }
  const left = (await removeOthers(run)) ?? (await reserveNames(run));
  if (left !== undefined) return left;
  return ok({
    namespaces: restored.length,
    robots: restored.reduce((sum, { robots }) => sum + robots.length, 0),
    robotTokensLost: restored.flatMap(({ tokensLost }) => tokensLost),
    robotTokensRevived: restored.reduce((sum, { tokensRevived }) => sum + tokensRevived, 0),
  });
}

function restoreSystem(run: RestoreRun): Promise<Result<undefined, string>> {
  const { deps, backup, draw } = run;
  const urls = new Set(backup.issuers.map(({ url }) => url));
  const services = new Set(backup.registries.map(({ service }) => service));
  return settle(run, async () => {
    const { revision, issuers, registries } = await deps.directory.readSystem();
    const outcome = await deps.directory.commitSystem({
      fromRevision: revision,
      putIssuers: backup.issuers.map((issuer) => ({ ...issuer, nonce: draw() })),
      removeIssuers: issuers.map(({ url }) => url).filter((url) => !urls.has(url)),
      putRegistries: backup.registries,
      removeRegistries: registries.map(({ service }) => service).filter((service) => !services.has(service)),
      event: stepEvent(run, "store.restored", { detail: "issuers and registries" }),
    });
    return [outcome, undefined];
  });
}

/** The tokens are judged by the records of the very revision that they replace. */
async function restoreNamespace(
  run: RestoreRun,
  backedUp: BackedUpNamespace,
): Promise<Result<RestoredNamespace, string>> {
  const { deps, withTokens, draw } = run;
  const { name } = backedUp.namespace;
  const committed = await settle(run, async () => {
    const present = await deps.directory.readNamespace(name);
    const now = secondsNow(deps.clock);
    const restored = restoredNamespace(backedUp, present, { withTokens, draw, now });
    const robots = restored.robots.map(({ robot }) => robot);
    const stays = new Set(robots.map((robot) => robot.name));
    const outcome = await deps.directory.commitNamespace({
      name,
      fromRevision: present?.revision ?? 0,
      namespace: restored.namespace,
      putRobots: robots,
      removeRobots: (present?.robots ?? []).map((robot) => robot.name).filter((robot) => !stays.has(robot)),
      event: stepEvent(run, "store.restored", { namespace: name }),
    });
    return [outcome, restored];
  });
  if (!committed.ok) return committed;
  return (await restorePins(run, committed.value.robots)) ?? committed;
}

/** Into robots just written; a server that runs all the same may have met a first match in between. */
async function restorePins(
  run: RestoreRun,
  robots: RestoredNamespace["robots"],
): Promise<Failure | undefined> {
  for (const { robot, pins } of robots) {
    for (const [ruleId, ids] of Object.entries(pins)) {
      const event = { ...stepEvent(run, "store.restored", {}), robot: robot.name, ruleId };
      const pin = { robot: robot.name, robotUid: robot.uid, ruleId, ids, event };
      const standing = await run.deps.directory.pinIdentity(pin);
      if (canonicalJson(standing) !== canonicalJson(ids)) return err(KEPT_CHANGING);
    }
  }
  return undefined;
}

async function removeOthers(run: RestoreRun): Promise<Failure | undefined> {
  const { deps, backup } = run;
  const wanted = new Set(backup.namespaces.map(({ namespace }) => namespace.name));
  for (const { name } of await deps.directory.listNamespaces()) {
    if (wanted.has(name)) continue;
    const removed = await setNamespace(run, name, undefined);
    if (!removed.ok) return removed;
  }
  return undefined;
}

/** A name is reserved by having been a namespace's: one that the backup has reserved is made, and removed. */
async function reserveNames(run: RestoreRun): Promise<Failure | undefined> {
  const { deps, backup, draw } = run;
  const reserved = new Set((await deps.directory.listReservations()).map(({ name }) => name));
  const taken = new Set(backup.namespaces.map(({ namespace }) => namespace.name));
  for (const { name } of backup.reservations) {
    if (reserved.has(name) || taken.has(name)) continue;
    const empty: Namespace = {
      name,
      kind: "organization",
      nonce: draw(),
      enabled: false,
      managedBy: API_OWNER,
    };
    const made = await setNamespace(run, name, empty);
    const removed = made.ok ? await setNamespace(run, name, undefined) : made;
    if (!removed.ok) return removed;
  }
  return undefined;
}

function setNamespace(
  run: RestoreRun,
  name: string,
  namespace: Namespace | undefined,
): Promise<Result<undefined, string>> {
  const { directory } = run.deps;
  return settle(run, async () => {
    const present = await directory.readNamespace(name);
    const outcome = await directory.commitNamespace({
      name,
      fromRevision: present?.revision ?? 0,
      namespace,
      putRobots: [],
      removeRobots: [],
      event: stepEvent(run, "store.restored", { namespace: name, detail: namespace ? "made" : "removed" }),
    });
    return [outcome, undefined];
  });
}
