import type { RobotName } from "../../domain/access/names.ts";
import type { Registry } from "../../domain/access/registry.ts";
import { FILE_OWNER } from "../../domain/accounts/declaration.ts";
import type { Account, Namespace, Robot } from "../../domain/accounts/robot.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
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
import type { RedisConnection } from "../redis/connection.ts";
import { probe } from "../redis/probe.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { MAX_STREAM_EVENTS, NamespaceKeys, SystemKeys } from "./redis-keys.ts";
import { RedisNamespaces } from "./redis-namespaces.ts";
import { RedisReservations } from "./redis-reservations.ts";
import { RedisRobots } from "./redis-robots.ts";
import { ACQUIRE_LEASE, COMMIT_SYSTEM, READ_SYSTEM, RELEASE_LEASE } from "./redis-scripts.ts";

/** The directory in Redis or Valkey 6.2 and later. A read or a change of an object is one script over one slot. */
export class RedisDirectory implements Directory {
  readonly #connection: RedisConnection;
  readonly #keys: SystemKeys;
  readonly #namespaces: RedisNamespaces;
  readonly #robots: RedisRobots;
  readonly #reservations: RedisReservations;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#keys = new SystemKeys(connection.keyPrefix);
    this.#namespaces = new RedisNamespaces(connection);
    this.#robots = new RedisRobots(connection);
    this.#reservations = new RedisReservations(connection);
  }

  findAccount(robot: RobotName): Promise<Account | undefined> {
    return this.#namespaces.findAccount(robot);
  }

  pinIdentity(pin: IdentityPin): Promise<PinnedIds | undefined> {
    return this.#namespaces.pinIdentity(pin);
  }

  readNamespace(name: string): Promise<NamespaceRecords | undefined> {
    return this.#namespaces.readNamespace(name);
  }

  listNamespaces(): Promise<readonly Namespace[]> {
    return this.#namespaces.listNamespaces();
  }

  commitNamespace(change: NamespaceChange): Promise<CommitOutcome> {
    return this.#namespaces.commit(change);
  }

  readRobot(name: RobotName): Promise<RobotRecords | undefined> {
    return this.#robots.read(name);
  }

  listRobots(namespace: string, after: string, limit: number): Promise<readonly Robot[]> {
    return this.#robots.list(namespace, after, limit);
  }

  listReservations(): Promise<readonly Reservation[]> {
    return this.#reservations.list();
  }

  releaseName(name: string, event: AuditEvent): Promise<boolean> {
    return this.#reservations.release(name, event);
  }

  async readSystem(): Promise<SystemRecords> {
    const { revision, issuers, registries } = this.#keys;
    const [at, issuerFields, registryFields] = (await this.#connection.run(
      READ_SYSTEM,
      [revision, issuers, registries],
      [],
    )) as [string, string[], string[]];
    return {
      revision: Number(at),
      issuers: values(issuerFields).map((record) => decodeRecord<TrustedIssuer>(record)),
      registries: values(registryFields).map((record) => decodeRecord<Registry>(record)),
    };
  }

  async commitSystem(change: SystemChange): Promise<CommitOutcome> {
    const { revision, issuers, registries, audit } = this.#keys;
    const answer = await this.#connection.runDurably(
      COMMIT_SYSTEM,
      [revision, issuers, registries, audit],
      [
        change.fromRevision,
        encodeRecord(change.event),
        MAX_STREAM_EVENTS,
        JSON.stringify({
          putIssuers: change.putIssuers.map((issuer) => [issuer.url, encodeRecord(issuer)]),
          removeIssuers: change.removeIssuers,
          putRegistries: change.putRegistries.map((registry) => [registry.service, encodeRecord(registry)]),
          removeRegistries: change.removeRegistries,
        }),
      ],
    );
    return answer as CommitOutcome;
  }

  async readKeys(): Promise<readonly StoredKey[]> {
    const { keys } = this.#keys;
    const records = await this.#connection.send(keys, (client) => client.hvals(keys));
    return records.map((record) => decodeRecord<StoredKey>(record));
  }

  async addKey(key: StoredKey): Promise<boolean> {
    return 1 === (await this.#connection.write("HSETNX", this.#keys.keys, key.name, encodeRecord(key)));
  }

  async replaceKey(key: StoredKey): Promise<void> {
    await this.#connection.write("HSET", this.#keys.keys, key.name, encodeRecord(key));
  }

  async removeKey(name: string): Promise<void> {
    await this.#connection.write("HDEL", this.#keys.keys, name);
  }

  async readDeclarationState(series: string): Promise<DeclarationState | undefined> {
    const { declaration, declarations } = this.#keys;
    const record = await this.#connection.send(declaration, (client) =>
      series === FILE_OWNER ? client.get(declaration) : client.hget(declarations, series),
    );
    return record === null ? undefined : decodeRecord<DeclarationState>(record);
  }

  async listDeclarationStates(): Promise<ReadonlyMap<string, DeclarationState>> {
    const { declaration, declarations } = this.#keys;
    const [own, others] = await this.#connection.send(declaration, (client) =>
      Promise.all([client.get(declaration), client.hgetall(declarations)]),
    );
    const records = { ...(own === null ? {} : { [FILE_OWNER]: own }), ...others };
    return new Map(
      Object.entries(records).map(([series, record]) => [series, decodeRecord<DeclarationState>(record)]),
    );
  }

  async writeDeclarationState(series: string, state: DeclarationState): Promise<void> {
    const { declaration, declarations } = this.#keys;
    const record = encodeRecord(state);
    if (series === FILE_OWNER) await this.#connection.write("SET", declaration, record);
    else await this.#connection.write("HSET", declarations, series, record);
  }

  async readRestoreState(): Promise<RestoreState | undefined> {
    const { restore } = this.#keys;
    const record = await this.#connection.send(restore, (client) => client.get(restore));
    return record === null ? undefined : decodeRecord<RestoreState>(record);
  }

  async writeRestoreState(state: RestoreState | undefined): Promise<void> {
    const { restore } = this.#keys;
    if (state === undefined) await this.#connection.write("DEL", restore);
    else await this.#connection.write("SET", restore, encodeRecord(state));
  }

  async acquireLease(name: string, holder: string, seconds: number): Promise<boolean> {
    const key = this.#keys.lease(name);
    return 1 === (await this.#connection.run(ACQUIRE_LEASE, [key], [holder, seconds * 1000]));
  }

  async releaseLease(name: string, holder: string): Promise<void> {
    await this.#connection.run(RELEASE_LEASE, [this.#keys.lease(name)], [holder]);
  }

  /** By a write behind all that could be read: whoever keeps it keeps them. */
  async confirm(namespace?: string): Promise<void> {
    const { keyPrefix, use } = this.#connection;
    if (use.waitReplicas === 0 && !use.waitAof) return;
    await probe(this.#connection, [
      namespace === undefined ? this.#keys.base : new NamespaceKeys(keyPrefix, namespace).base,
    ]);
  }

  async ping(): Promise<void> {
    await probe(this.#connection, [this.#keys.base]);
  }
}

/** The values of a hash as a script answers it: name, value, name, value. */
function values(flat: readonly string[]): string[] {
  return flat.filter((_, at) => at % 2 === 1);
}
