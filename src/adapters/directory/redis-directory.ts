import type { RobotName } from "../../domain/access/names.ts";
import type { Registry } from "../../domain/access/registry.ts";
import type { Account, Namespace } from "../../domain/accounts/robot.ts";
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
  SystemChange,
  SystemRecords,
} from "../../usecases/store-records.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { decodeRecord, encodeRecord } from "../redis/record.ts";
import { SystemKeys } from "./redis-keys.ts";
import { RedisNamespaces } from "./redis-namespaces.ts";
import { ACQUIRE_LEASE, COMMIT_SYSTEM, READ_SYSTEM, RELEASE_LEASE } from "./redis-scripts.ts";

/** Changes kept of the system's records, about. */
const MAX_EVENTS = 1000;

/** The directory in Redis or Valkey 6.2 and later. A read or a change of an object is one script over one slot. */
export class RedisDirectory implements Directory {
  readonly #connection: RedisConnection;
  readonly #keys: SystemKeys;
  readonly #namespaces: RedisNamespaces;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#keys = new SystemKeys(connection.keyPrefix);
    this.#namespaces = new RedisNamespaces(connection);
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
    const answer = await this.#connection.run(
      COMMIT_SYSTEM,
      [revision, issuers, registries, audit],
      [
        change.fromRevision,
        encodeRecord(change.event),
        MAX_EVENTS,
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
    const records = await this.#connection.send((client) => client.hvals(this.#keys.keys));
    return records.map((record) => decodeRecord<StoredKey>(record));
  }

  async addKey(key: StoredKey): Promise<boolean> {
    const record = encodeRecord(key);
    return 1 === (await this.#connection.send((client) => client.hsetnx(this.#keys.keys, key.name, record)));
  }

  async replaceKey(key: StoredKey): Promise<void> {
    await this.#connection.send((client) => client.hset(this.#keys.keys, key.name, encodeRecord(key)));
  }

  async removeKey(name: string): Promise<void> {
    await this.#connection.send((client) => client.hdel(this.#keys.keys, name));
  }

  async readDeclarationState(): Promise<DeclarationState | undefined> {
    const record = await this.#connection.send((client) => client.get(this.#keys.declaration));
    return record === null ? undefined : decodeRecord<DeclarationState>(record);
  }

  async writeDeclarationState(state: DeclarationState): Promise<void> {
    await this.#connection.send((client) => client.set(this.#keys.declaration, encodeRecord(state)));
  }

  async acquireLease(name: string, holder: string, seconds: number): Promise<boolean> {
    const key = this.#keys.lease(name);
    return 1 === (await this.#connection.run(ACQUIRE_LEASE, [key], [holder, seconds * 1000]));
  }

  async releaseLease(name: string, holder: string): Promise<void> {
    await this.#connection.run(RELEASE_LEASE, [this.#keys.lease(name)], [holder]);
  }

  async ping(): Promise<void> {
    await this.#connection.send((client) => client.ping());
  }
}

/** The values of a hash as a script answers it: name, value, name, value. */
function values(flat: readonly string[]): string[] {
  return flat.filter((_, at) => at % 2 === 1);
}
