import type { RobotName } from "../../domain/access/names.ts";
import type { Account, Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { PinnedIds } from "../../domain/rules/identity-pin.ts";
import type { Directory } from "../../usecases/ports.ts";
import type {
  CommitOutcome,
  DeclarationState,
  IdentityPin,
  NamespaceChange,
  NamespaceRecords,
  Reservation,
  RestoreState,
  RobotRecords,
  SystemChange,
  SystemRecords,
} from "../../usecases/store-records.ts";
import type { ObjectCalls } from "../durable-object/object-calls.ts";
import { DurableObjectNamespaces } from "./durable-object-namespaces.ts";

/**
 * The directory in Durable Objects: one for each namespace, one for all else. A call is one transaction of one
 * object; lists, and the making of a namespace, are of several (`durable-object-namespaces.ts`). The store's clock,
 * for leases, is that of the one object.
 */
export class DurableObjectDirectory implements Directory {
  readonly #objects: ObjectCalls;
  readonly #namespaces: DurableObjectNamespaces;

  constructor(objects: ObjectCalls) {
    this.#objects = objects;
    this.#namespaces = new DurableObjectNamespaces(objects);
  }

  findAccount(robot: RobotName): Promise<Account | undefined> {
    return this.#namespaces.findAccount(robot);
  }

  pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined> {
    return this.#namespaces.pinIdentity(pin);
  }

  readSystem(): Promise<SystemRecords> {
    return this.#objects.system((object) => object.readSystem());
  }

  readNamespace(name: string): Promise<NamespaceRecords | undefined> {
    return this.#namespaces.read(name);
  }

  listNamespaces(): Promise<readonly Namespace[]> {
    return this.#namespaces.list();
  }

  readRobot(name: RobotName): Promise<RobotRecords | undefined> {
    return this.#namespaces.readRobot(name);
  }

  listRobots(namespace: string, after: string, limit: number): Promise<readonly Robot[]> {
    return this.#namespaces.listRobots(namespace, after, limit);
  }

  listReservations(): Promise<readonly Reservation[]> {
    return this.#namespaces.listReservations();
  }

  releaseName(name: string, event: AuditEvent): Promise<boolean> {
    return this.#namespaces.release(name, event);
  }

  commitSystem(change: SystemChange): Promise<CommitOutcome> {
    return this.#objects.system((object) => object.commitSystem(change));
  }

  commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    return this.#namespaces.commit(change);
  }

  readKeys(): Promise<readonly StoredKey[]> {
    return this.#objects.system((object) => object.readKeys());
  }

  addKey(key: StoredKey): Promise<boolean> {
    return this.#objects.system((object) => object.addKey(key));
  }

  replaceKey(key: StoredKey): Promise<void> {
    return this.#objects.system((object) => object.replaceKey(key));
  }

  removeKey(name: string): Promise<void> {
    return this.#objects.system((object) => object.removeKey(name));
  }

  readDeclarationState(series: string): Promise<DeclarationState | undefined> {
    return this.#objects.system((object) => object.readDeclarationState(series));
  }

  listDeclarationStates(): Promise<ReadonlyMap<string, DeclarationState>> {
    return this.#objects.system((object) => object.listDeclarationStates());
  }

  writeDeclarationState(series: string, state: DeclarationState): Promise<void> {
    return this.#objects.system((object) => object.writeDeclarationState(series, state));
  }

  readRestoreState(): Promise<RestoreState | undefined> {
    return this.#objects.system((object) => object.readRestoreState());
  }

  writeRestoreState(state: RestoreState | undefined): Promise<void> {
    return this.#objects.system((object) => object.writeRestoreState(state));
  }

  acquireLease(name: string, holder: string, seconds: number): Promise<boolean> {
    return this.#objects.system((object) => object.acquireLease(name, holder, seconds));
  }

  releaseLease(name: string, holder: string): Promise<void> {
    return this.#objects.system((object) => object.releaseLease(name, holder));
  }

  /** An object answers when what its answer rests on is stored. */
  async confirm(): Promise<void> {}

  ping(): Promise<void> {
    return this.#objects.system((object) => object.ping());
  }
}
