import type { Hono } from "hono";
import { CachedSystem } from "../../adapters/directory/cached-system.ts";
import type { ObjectBinding, ObjectBindings } from "../../adapters/durable-object/bindings.ts";
import type { CountersCalls } from "../../adapters/durable-object/counters-calls.ts";
import type { IssuerKeysCalls } from "../../adapters/durable-object/issuer-keys-calls.ts";
import type { Envelope } from "../../adapters/keys/envelope.ts";
import { KeyRing } from "../../adapters/keys/key-ring.ts";
import { OwnFlights } from "../../adapters/keys/single-flight.ts";
import { WebSigner } from "../../adapters/keys/web-signer.ts";
import type { Log } from "../../adapters/log/json-lines.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import type { Settings } from "../../config/settings.ts";
import { createApp } from "../../http/app.ts";
import type { AppDeps, AppEnv } from "../../http/deps.ts";
import type { KeyDeps } from "../../usecases/upkeep/key-deps.ts";
import { commonParts } from "../common-parts.ts";
import { logKeyEvent } from "../key-event-log.ts";
import { privateIssuerObstacle } from "./private-issuer.ts";
import { createWorkerDeclarationReader } from "./worker-declarations.ts";
import type { WorkerStores } from "./worker-stores.ts";
import { createWorkerVerifier } from "./worker-verifier.ts";

/** The objects of `wrangler.toml`. */
export interface WorkerBindings extends ObjectBindings {
  readonly ISSUER_KEYS: ObjectBinding<IssuerKeysCalls>;
  readonly COUNTERS: ObjectBinding<CountersCalls>;
}

/** What a request's environment holds for the app. */
export interface RequestEnvironment {
  readonly clientAddress: string | undefined;
}

/** The app on Workers: the same as on Node, but for what the two runtimes do differently. */
export function createWorkerApp(
  settings: Settings,
  bindings: WorkerBindings,
  stores: WorkerStores,
  { envelope, maker }: Pick<KeyDeps, "maker"> & { readonly envelope: Envelope },
  own: { readonly log: Log } & Pick<AppDeps, "trail" | "auditLoss" | "metrics" | "metricsText">,
): Hono<AppEnv> {
  const { directory, ledger } = stores;
  const keys = new KeyRing({
    directory,
    envelope,
    clock: systemClock,
    random: webRandom,
    flights: <T>() => new OwnFlights<T>(),
  });
  return createApp({
    ...own,
    ...commonParts(settings, stores),
    directory,
    ledger,
    system: new CachedSystem(directory, systemClock),
    verifier: createWorkerVerifier(bindings.ISSUER_KEYS, (event) => logKeyEvent(own.log, event)),
    keys,
    maker,
    declarations: createWorkerDeclarationReader(settings.publicUrl),
    signer: new WebSigner(keys),
    refuseIssuer: privateIssuerObstacle,
    peerAddress: (env) => (env as Partial<RequestEnvironment> | undefined)?.clientAddress,
    // Cloudflare's word is the client's address itself.
    isTrustedProxy: () => false,
  });
}
