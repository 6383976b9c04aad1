import type { DurableObjectState } from "@cloudflare/workers-types";
import type { RobotName } from "../../domain/access/names.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissSighting } from "../../domain/near-miss.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { CommitOutcome, IdentityPin, NamespaceChange, SweepKind } from "../../usecases/store-records.ts";
import { type AccountRow, findAccountRow } from "../directory/sqlite-account.ts";
import { SqliteDirectory } from "../directory/sqlite-directory.ts";
import { purgeNearMisses } from "../ledger/sqlite-near-miss-purge.ts";
import { SqliteNearMisses } from "../ledger/sqlite-near-misses.ts";
import { SqliteSweeper } from "../sweeper/sqlite-sweeper.ts";
import type { NamePlace, NamespaceCalls } from "./namespace-calls.ts";
import { DIRECTORY_STEPS } from "./object-schema.ts";
import { StoreObject } from "./store-object.ts";

/**
 * One namespace: its record, robots, rules and pins, its audit record, its reservation once it is removed, and its
 * near misses, which are here so that a flood of refusals for one namespace is felt by that namespace alone. A
 * change and its event are one transaction.
 */
export class NamespaceObject extends StoreObject implements NamespaceCalls {
  readonly #directory: SqliteDirectory;
  readonly #nearMisses: SqliteNearMisses;
  readonly #sweeper: SqliteSweeper;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env, DIRECTORY_STEPS, { maxEvents: 10_000, trimEvery: 1000 });
    this.#directory = new SqliteDirectory(this.sql, this.clock, this.events);
    this.#nearMisses = new SqliteNearMisses(this.sql);
    this.#sweeper = new SqliteSweeper(this.sql);
  }

  async findAccount(robot: RobotName, heldRevision: string): Promise<AccountRow | undefined> {
    return findAccountRow(this.sql, robot, heldRevision);
  }

  async pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined> {
    const ids = await this.#directory.pinIdentity(pin);
    this.events.trim();
    return ids;
  }

  readNamespace(name: string) {
    return this.#directory.readNamespace(name);
  }

  readRobot(name: RobotName) {
    return this.#directory.readRobot(name);
  }

  listRobots(namespace: string, after: string, limit: number) {
    return this.#directory.listRobots(namespace, after, limit);
  }

  async readPlace(): Promise<NamePlace> {
    const [namespace] = await this.#directory.listNamespaces();
    const [reservation] = await this.#directory.listReservations();
    return { ...(namespace && { namespace }), ...(reservation && { reservation }) };
  }

  async releaseName(name: string, event: AuditEvent): Promise<boolean> {
    const released = await this.#directory.releaseName(name, event);
    this.events.trim();
    return released;
  }

  async commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    const outcome = await this.#directory.commitNamespace(change);
    this.events.trim();
    return outcome;
  }

  keepNearMisses(namespace: string, sightings: readonly NearMissSighting[], others: number, now: number) {
    return this.#nearMisses.keep(namespace, sightings, others, now);
  }

  readNearMisses(namespace: string, now: number) {
    return this.#nearMisses.read(namespace, now);
  }

  override async purgeSubject(subject: string): Promise<number> {
    return (await super.purgeSubject(subject)) + (await purgeNearMisses(this.sql, subject));
  }

  sweep(kind: SweepKind, limit: number, now: number) {
    return this.#sweeper.sweep(kind, limit, now);
  }
}
