import type { Registry } from "../../domain/access/registry.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import {
  activeKey,
  CA_SERIES,
  dueKey,
  isPublished,
  isSpent,
  type KeyRequest,
  type KeySeries,
  KID_SERIES,
  keysOf,
} from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { KeyMaker, PublishedKeys } from "../../usecases/key-ports.ts";
import { type Clock, type Directory, UnavailableError } from "../../usecases/ports.ts";
import type { Envelope } from "./envelope.ts";
import { EnvelopedKeyMaker } from "./enveloped-key-maker.ts";
import { type SigningKey, type SigningKeys, toSigningKey } from "./signing-key.ts";
import { type Flights, SingleFlight } from "./single-flight.ts";
import { certificateOf } from "./stored-certificate.ts";

/** How old the keys may be: a rotation is in force everywhere after this long. */
const MAX_AGE_MS = 1000;

interface Snapshot {
  /** Unix milliseconds. */
  readonly readAt: number;
  readonly keys: readonly StoredKey[];
}

export interface KeyRingDeps {
  readonly directory: Pick<Directory, "readKeys" | "addKey" | "removeKey">;
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** How calls for the same key share one; absent: they do, as all requests of a process may. */
  readonly flights?: <T>() => Flights<T>;
}

/**
 * The directory's keys, read at most once a second. Leaves are made in time, the first key of a series when it is
 * first needed; a CA never is (`usecases/upkeep/init-keys.ts`). A store that is down is an error, never an old answer, but
 * to who asks for just that (`lastGood`).
 */
export class KeyRing implements PublishedKeys, SigningKeys {
  readonly #deps: KeyRingDeps;
  readonly #maker: KeyMaker;
  readonly #flights: Flights<readonly StoredKey[]>;
  readonly #openings: Flights<SigningKey>;
  readonly #opened = new Map<string, SigningKey>();
  #snapshot: Snapshot | undefined;

  constructor(deps: KeyRingDeps) {
    this.#deps = deps;
    this.#maker = new EnvelopedKeyMaker(deps.envelope, deps.random);
    const flights = deps.flights ?? (<T>() => new SingleFlight<T>());
    this.#flights = flights();
    this.#openings = flights();
  }

  async caPem(): Promise<string> {
    // A line of its own at the end, so that bundles can be put together with cat.
    return `${certificateOf(currentCa(await this.#current())).trimEnd()}\n`;
  }

  async jwks(): Promise<{ readonly keys: readonly object[] }> {
    const now = this.#seconds();
    const keys = await this.#withActive(await this.#current(), KID_SERIES);
    const published = keysOf(keys, KID_SERIES).filter((key) => isPublished(key, now));
    return { keys: published.map((key) => ({ ...key.publicJwk, alg: "ES256", use: "sig" })) };
  }

  async signingKey(registry: Registry): Promise<SigningKey> {
    const current = await this.#current();
    const series = seriesFor(registry, current);
    const keys = await this.#withActive(current, series);
    const key = activeKey(keys, series);
    if (key === undefined)
      throw new Error(`the directory lost a key of use ${series.use} that was just written`);
    return this.#open(key);
  }

  /**
   * Keys as they were read last, no longer ago than `maxAgeMs`, else UnavailableError; makes none. For stale pulls alone.
   */
  lastGood(maxAgeMs: number): SigningKeys {
    return {
      signingKey: async (registry) => {
        const keys = this.#youngerThan(maxAgeMs);
        const key = keys && activeKey(keys, seriesFor(registry, keys));
        if (key === undefined) throw new UnavailableError("no signing key was read in time");
        return this.#open(key);
      },
    };
  }

  /** The keys, with one that signs for `series`: where it is missing it is made. */
  async #withActive(keys: readonly StoredKey[], series: KeySeries): Promise<readonly StoredKey[]> {
    const due = dueKey(keys, series, this.#seconds());
    return due === undefined ? keys : this.#flights.run(`make ${due.name}`, () => this.#make(due));
  }

  async #make(due: KeyRequest): Promise<readonly StoredKey[]> {
    const { directory } = this.#deps;
    // Whoever wrote first has won: the key is read back, not taken from here.
    await directory.addKey(await this.#maker.make(due));
    const keys = await this.#read();
    for (const key of keys) if (isSpent(key, due.createdAt)) await directory.removeKey(key.name);
    return keys;
  }

  async #open(key: StoredKey): Promise<SigningKey> {
    const opened = this.#opened.get(key.name);
    if (opened && opened.kid === key.publicJwk.kid) return opened;
    return this.#openings.run(key.name, async () => {
      const pkcs8 = await this.#deps.envelope.decrypt(key.name, key.encryptedPrivateKey);
      const signingKey = toSigningKey(key, pkcs8);
      this.#opened.set(key.name, signingKey);
      return signingKey;
    });
  }

  async #current(): Promise<readonly StoredKey[]> {
    return this.#youngerThan(MAX_AGE_MS) ?? this.#flights.run("read", () => this.#read());
  }

  #youngerThan(maxAgeMs: number): readonly StoredKey[] | undefined {
    if (this.#snapshot === undefined) return undefined;
    const age = this.#deps.clock.now() - this.#snapshot.readAt;
    return age >= 0 && age < maxAgeMs ? this.#snapshot.keys : undefined;
  }

  async #read(): Promise<readonly StoredKey[]> {
    const readAt = this.#deps.clock.now();
    const keys = await this.#deps.directory.readKeys();
    this.#snapshot = { readAt, keys };
    const names = new Set(keys.map((key) => key.name));
    for (const name of this.#opened.keys()) if (!names.has(name)) this.#opened.delete(name);
    return keys;
  }

  #seconds(): number {
    return Math.floor(this.#deps.clock.now() / 1000);
  }
}

function seriesFor(registry: Registry, keys: readonly StoredKey[]): KeySeries {
  if (registry.tokenForm === "kid") return KID_SERIES;
  if (registry.tokenForm === "pinned") return { use: "pinned", registry: registry.service };
  return { use: "x5c", ca: currentCa(keys) };
}

/** A CA that is gone while Berth runs is a lost store: to go on with a new one would shut out every registry. */
function currentCa(keys: readonly StoredKey[]): StoredKey {
  const ca = activeKey(keys, CA_SERIES);
  if (ca === undefined)
    throw new Error("the directory has no CA: restore it, or run berth keys init --new-ca");
  return ca;
}
