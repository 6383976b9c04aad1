import { Envelope } from "../../src/adapters/keys/envelope.ts";
import { EnvelopedKeyMaker } from "../../src/adapters/keys/enveloped-key-maker.ts";
import { sha256Stream } from "../../src/adapters/runtime/sha256-stream.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { Robot } from "../../src/domain/accounts/robot.ts";
import type { StoredKey } from "../../src/domain/keys/stored-key.ts";
import type { Result } from "../../src/domain/result.ts";
import { backUp } from "../../src/usecases/upkeep/back-up.ts";
import type { Backup } from "../../src/usecases/upkeep/backup-format.ts";
import { initKeys } from "../../src/usecases/upkeep/init-keys.ts";
import { readBackup } from "../../src/usecases/upkeep/read-backup.ts";
import { type Restored, restore } from "../../src/usecases/upkeep/restore.ts";
import { aNamespace, anApiToken, anEvent, anIssuer, aRegistry, aRobot, aRule } from "./baseline.ts";
import { ENCRYPTION } from "./key-world.ts";
import type { TestClock } from "./test-clock.ts";
import type { UpkeepStore } from "./upkeep-store.ts";

const ORIGIN = { berth: "1.2.3", store: "test" };
export const EVENT = anEvent(0, { kind: "directory.changed" });
export const PINNED = { repository_owner_id: "42" };
/** SHA-256 of some robot token. */
export const TOKEN_HASH = "1a".repeat(32);

/** A robot with a token, and a rule that has met its first match. */
export function aPinnedRobot(change: Partial<Robot> = {}): Robot {
  return aRobot({
    rules: [aRule({ pin: "first-use" })],
    token: { hash: TOKEN_HASH, number: 3, createdAt: 1_700_000_000, declared: false },
    ...change,
  });
}

/** One store that is backed up and restored, with keys of its own. */
export class BackupWorld {
  readonly store: UpkeepStore;
  readonly clock: TestClock;
  readonly maker: EnvelopedKeyMaker;

  constructor(store: UpkeepStore, clock: TestClock, encryption = [ENCRYPTION]) {
    this.store = store;
    this.clock = clock;
    this.maker = new EnvelopedKeyMaker(new Envelope(encryption, webRandom), webRandom);
  }

  /** One record of each kind, as several commits leave it. */
  async fill(): Promise<void> {
    const { directory, apiTokens } = this.store;
    await initKeys({ ...this.store, maker: this.maker, clock: this.clock }, { newCa: false }, "request-0");
    await directory.commitSystem({
      fromRevision: 0,
      putIssuers: [anIssuer()],
      removeIssuers: [],
      putRegistries: [aRegistry()],
      removeRegistries: [],
      event: EVENT,
    });
    await this.putRobots([aPinnedRobot(), aRobot({ name: "acme+other", uid: "other-uid" })]);
    await directory.pinIdentity({
      robot: "acme+builder",
      robotUid: "robot-uid",
      ruleId: "rule-1",
      ids: PINNED,
      event: EVENT,
    });
    await this.putNamespace("gone");
    await this.removeNamespace("gone");
    await apiTokens.add(this.anApiToken(), EVENT);
    await directory.writeDeclarationState("file", { digest: "d1".repeat(32), revision: 7 });
    await directory.writeDeclarationState("apply:platform", { digest: "d2".repeat(32), revision: 5 });
  }

  /** The baseline's, for an hour by this world's clock. */
  anApiToken(hash = "5e".repeat(32)) {
    const createdAt = this.clock.seconds();
    return anApiToken({ id: hash.slice(0, 32), hash, createdAt, expiresAt: createdAt + 3600 });
  }

  async putRobots(putRobots: readonly Robot[], namespace = aNamespace()): Promise<void> {
    const { directory } = this.store;
    const { name } = namespace;
    const fromRevision = (await directory.readNamespace(name))?.revision ?? 0;
    await directory.commitNamespace({
      name,
      fromRevision,
      namespace,
      putRobots,
      removeRobots: [],
      event: EVENT,
    });
  }

  putNamespace(name: string): Promise<void> {
    return this.putRobots([], aNamespace({ name }));
  }

  async removeNamespace(name: string): Promise<void> {
    const { directory } = this.store;
    const fromRevision = (await directory.readNamespace(name))?.revision ?? 0;
    const nothing = { namespace: undefined, putRobots: [], removeRobots: [] };
    await directory.commitNamespace({ name, fromRevision, ...nothing, event: EVENT });
  }

  /** The lines of a backup of the store as it is. */
  async lines(): Promise<readonly string[]> {
    const deps = { ...this.store, clock: this.clock, newDigest: sha256Stream };
    const lines = await backUp(deps, ORIGIN);
    if (!lines.ok) throw new Error(lines.error);
    const read: string[] = [];
    for await (const line of lines.value) read.push(line);
    return read;
  }

  async backup(): Promise<Backup> {
    const read = await readBackup(linesOf(await this.lines()), sha256Stream());
    if (!read.ok) throw new Error(read.error);
    return read.value;
  }

  restore(
    backup: Backup,
    options: { readonly withTokens?: boolean; readonly replace?: boolean } = {},
    store: UpkeepStore = this.store,
  ): Promise<Result<Restored, string>> {
    const deps = { ...store, maker: this.maker, clock: this.clock, random: webRandom };
    return restore(deps, backup, { withTokens: false, replace: true, ...options }, "restore-1");
  }

  async events(kind: string): Promise<readonly string[]> {
    const events = await this.store.ledger.readEvents(100);
    return events.filter((event) => event.kind === kind).map(({ detail = "" }) => detail);
  }
}

/** A key of its own pair under `name`; the pair is drawn once for each `pair`. */
export function aKey(name: string, pair = name, change: Partial<StoredKey> = {}): StoredKey {
  const use = name.startsWith("ca") ? "ca" : name.startsWith("x5c") ? "x5c" : "kid";
  return {
    name,
    use,
    status: "active",
    createdAt: 1_700_000_000,
    publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y", kid: `kid-of-${pair}` },
    encryptedPrivateKey: { keyId: "main", iv: "iv", ciphertext: "ciphertext" },
    ...change,
  };
}

export async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** What a store has, without what a restore draws anew. */
export async function contents({ directory, apiTokens }: UpkeepStore) {
  const { issuers, registries } = await directory.readSystem();
  const names = (await directory.listNamespaces()).map(({ name }) => name).toSorted();
  const namespaces = await Promise.all(names.map((name) => directory.readNamespace(name)));
  return {
    issuers: issuers.map(({ nonce: _, ...issuer }) => issuer),
    registries,
    namespaces: namespaces.map((records) => ({
      namespace: { ...records?.namespace, nonce: "" },
      robots: (records?.robots ?? [])
        .map(({ nonce: _, uid: __, rules, ...robot }) => ({
          ...robot,
          rules: rules.map((rule) => ({ ...rule, nonce: "" })),
        }))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
      pins: records?.pins,
    })),
    keys: await directory.readKeys(),
    apiTokens: await apiTokens.list(),
    reservations: (await directory.listReservations()).map(({ name }) => name).toSorted(),
  };
}
