import { type EncryptionKey, Envelope } from "../../src/adapters/keys/envelope.ts";
import { EnvelopedKeyMaker } from "../../src/adapters/keys/enveloped-key-maker.ts";
import { KeyRing } from "../../src/adapters/keys/key-ring.ts";
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { Clock } from "../../src/usecases/ports.ts";
import { initKeys } from "../../src/usecases/upkeep/init-keys.ts";
import type { KeyDeps } from "../../src/usecases/upkeep/key-deps.ts";
import { KeyStore, StandingClock } from "./key-store.ts";

export const KEY_TEST_NOW = 1_800_000_000;
export const ENCRYPTION: EncryptionKey = { id: "main", key: new Uint8Array(32).fill(9) };

/** One Berth as far as its keys go: real keys on a store that others may share. */
export interface KeyWorld {
  readonly store: KeyStore;
  readonly clock: StandingClock;
  readonly deps: KeyDeps;
  readonly ring: KeyRing;
}

/** What keys are kept in: `KeyStore`, or a real directory and ledger. */
export type KeyBackend = Pick<KeyDeps, "directory" | "ledger">;

/** A Berth on `store`, which may be another's; without a CA until someone makes it. */
export function anInstance(
  store = new KeyStore(),
  clock = new StandingClock(KEY_TEST_NOW),
  encryption: readonly EncryptionKey[] = [ENCRYPTION],
): KeyWorld {
  return { store, clock, ...keysOn(store, clock, encryption) };
}

/** The key ring, and what the use cases need, of one Berth on `backend`. */
export function keysOn(
  { directory, ledger }: KeyBackend,
  clock: Clock,
  encryption: readonly EncryptionKey[] = [ENCRYPTION],
): Pick<KeyWorld, "deps" | "ring"> {
  const envelope = new Envelope(encryption, webRandom);
  return {
    deps: { directory, ledger, maker: new EnvelopedKeyMaker(envelope, webRandom), clock },
    ring: new KeyRing({ directory, envelope, clock, random: webRandom }),
  };
}

/** A Berth with its CA. */
export async function aKeyWorld(): Promise<KeyWorld> {
  const world = anInstance();
  await initKeys(world.deps, { newCa: false }, "request-1");
  return world;
}
