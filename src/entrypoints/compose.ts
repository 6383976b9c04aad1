import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { BufferedTrail } from "../adapters/audit/buffered-trail.ts";
import { NearMissBuffer } from "../adapters/audit/near-miss-buffer.ts";
import { CachedSystem } from "../adapters/directory/cached-system.ts";
import { KeyRing } from "../adapters/keys/key-ring.ts";
import { NodeSigner } from "../adapters/keys/node-signer.ts";
import { jsonLines, type Log } from "../adapters/log/json-lines.ts";
import { createSignatureVerifier } from "../adapters/oidc/jose-verifier.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { plainAddress, trustedProxies } from "../adapters/runtime/trusted-proxies.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import { createApp } from "../http/app.ts";
import type { AppEnv } from "../http/deps.ts";
import { keepNearMisses } from "../usecases/management/keep-near-misses.ts";
import { openKeys } from "../usecases/upkeep/open-keys.ts";
import { applyFile } from "./apply-file.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { keyDeps } from "./key-deps.ts";
import { logKeyEvent } from "./key-event-log.ts";
import { openStores, type Stores } from "./stores.ts";

/** Berth on Node, its stores open and its declaration applied, and not yet listening. */
export interface Service {
  readonly app: Hono<AppEnv>;
  readonly log: Log;
  readonly storeName: Stores["name"];
  /** Writes what is buffered, and closes the stores. */
  close(): Promise<void>;
}

/** Opens the stores, the keys and the declaration file, in that order, and builds the app on them. */
export async function compose(settings: Settings, write: (line: string) => void): Promise<Service> {
  const log = jsonLines(settings.logLevel, write, systemClock.now);
  const stores = await openStores(settings, systemClock);
  try {
    for (const warning of stores.warnings) log("warn", "store", { warning });
    const { envelope } = await prepareKeys(settings, stores, log);
    await applyFile(settings, stores.directory, log);
    const keys = new KeyRing({
      directory: stores.directory,
      envelope,
      clock: systemClock,
      random: webRandom,
    });
    const trail = openTrail(settings, stores, log);
    const app = createApp({
      publicUrl: settings.publicUrl,
      refusalDelayMs: settings.refusalDelayMs,
      directory: stores.directory,
      ledger: stores.ledger,
      system: new CachedSystem(stores.directory, systemClock),
      verifier: createSignatureVerifier({
        clock: systemClock,
        egressProxy: settings.egressProxy,
        report: (event) => logKeyEvent(log, event),
      }),
      keys,
      signer: new NodeSigner(keys),
      trail,
      clock: systemClock,
      random: webRandom,
      log,
      peerAddress,
      isTrustedProxy: trustedProxies(settings.trustedProxies),
    });
    return {
      app,
      log,
      storeName: stores.name,
      close: async () => {
        await trail.close();
        stores.close();
      },
    };
  } catch (fault) {
    stores.close();
    throw fault;
  }
}

function openTrail(settings: Settings, { directory, ledger, nearMisses }: Stores, log: Log): BufferedTrail {
  const deps = { directory, nearMisses, clock: systemClock, personal: settings.nearMissPersonal };
  return new BufferedTrail(
    ledger,
    (lost) => log("error", "audit events lost", { lost }),
    new NearMissBuffer(
      (candidates) => keepNearMisses(deps, candidates),
      (lost) => log("warn", "near misses lost", { lost }),
    ),
  );
}

/** Before the declaration: a store that has records and no CA has lost it, and must not get another in silence. */
async function prepareKeys(settings: Settings, stores: Stores, log: Log) {
  const deps = keyDeps(settings, stores);
  const opened = await openKeys(deps, randomUUID());
  if (!opened.ok) throw new ConfigurationError(opened.error);
  if (opened.value.newCa) log("info", "new CA", { key: opened.value.ca.name });
  return deps;
}

function peerAddress(env: unknown): string | undefined {
  const address = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : plainAddress(address);
}
