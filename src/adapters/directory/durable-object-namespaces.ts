import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type {
  CommitOutcome,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
  Reservation,
  RobotRecords,
} from "../../usecases/store-records.ts";
import type { NamePlace } from "../durable-object/namespace-calls.ts";
import { inTurns, type ObjectCalls } from "../durable-object/object-calls.ts";
import { RulesCache } from "./rules-cache.ts";
import { decodeAccount } from "./sqlite-account.ts";

/**
 * Namespaces, an object each: what is asked of one is one call of its object, and atomic. Lists ask every object that
 * the index names; each answers for a moment of its own.
 */
export class DurableObjectNamespaces {
  readonly #objects: ObjectCalls;
  readonly #rules = new RulesCache();

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
  }

  /** The rules travel only if they are not the ones held from before. */
  async findAccount(name: RobotName): Promise<Account | undefined> {
    const held = this.#rules.find(name);
    const row = await this.#objects.namespace(namespaceOfRobot(name), (object) =>
      object.findAccount(name, held?.revision ?? ""),
    );
    return row && decodeAccount(row, name, held, this.#rules);
  }

  pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined> {
    return this.#objects.namespace(namespaceOfRobot(pin.robot), (object) => object.pinIdentity(pin));
  }

  read(name: string): Promise<NamespaceRecords | undefined> {
    return this.#objects.namespace(name, (object) => object.readNamespace(name));
  }

  readRobot(name: RobotName): Promise<RobotRecords | undefined> {
    return this.#objects.namespace(namespaceOfRobot(name), (object) => object.readRobot(name));
  }

  listRobots(namespace: string, after: string, limit: number): Promise<readonly Robot[]> {
    return this.#objects.namespace(namespace, (object) => object.listRobots(namespace, after, limit));
  }

  async list(): Promise<readonly Namespace[]> {
    return (await this.#places()).flatMap(({ namespace }) => namespace ?? []);
  }

  async listReservations(): Promise<readonly Reservation[]> {
    return (await this.#places()).flatMap(({ reservation }) => reservation ?? []);
  }

  release(name: string, event: AuditEvent): Promise<boolean> {
    return this.#objects.namespace(name, (object) => object.releaseName(name, event));
  }

  /**
   * The index is another object's, and is written first: a crash between the two leaves a name under which there is
   * nothing, which lists pass over, and never a namespace that no list has. No name is taken off the index, since
   * whoever makes the namespace anew at that moment would lose it.
   */
  async commit(change: NamespaceChange): Promise<CommitOutcome> {
    if (change.fromRevision === 0) {
      await this.#objects.system((object) => object.announceNamespace(change.name));
    }
    return this.#objects.namespace(change.name, (object) => object.commitNamespace(change));
  }

  async #places(): Promise<readonly NamePlace[]> {
    return inTurns(await this.#objects.names(), (name) =>
      this.#objects.namespace(name, (object) => object.readPlace()),
    );
  }
}
