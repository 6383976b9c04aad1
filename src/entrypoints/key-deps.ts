import { Envelope } from "../adapters/keys/envelope.ts";
import { EnvelopedKeyMaker } from "../adapters/keys/enveloped-key-maker.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import type { KeyDeps } from "../usecases/upkeep/key-deps.ts";
import type { Stores } from "./stores.ts";

/** What the use cases for Berth's own keys need, from the settings and the open stores. */
export function keyDeps(settings: Settings, stores: Stores): KeyDeps & { readonly envelope: Envelope } {
  const envelope = new Envelope(settings.encryptionKeys, webRandom);
  return {
    directory: stores.directory,
    ledger: stores.ledger,
    clock: systemClock,
    envelope,
    maker: new EnvelopedKeyMaker(envelope, webRandom),
  };
}
