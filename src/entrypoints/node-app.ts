import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { CachedSystem } from "../adapters/directory/cached-system.ts";
import type { Envelope } from "../adapters/keys/envelope.ts";
import { KeyRing } from "../adapters/keys/key-ring.ts";
import { NodeSigner } from "../adapters/keys/node-signer.ts";
import { createSignatureVerifier } from "../adapters/oidc/jose-verifier.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { TokenBuckets } from "../adapters/runtime/token-buckets.ts";
import { plainAddress, trustedProxies } from "../adapters/runtime/trusted-proxies.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import { createApp } from "../http/app.ts";
import type { AppDeps, AppEnv } from "../http/deps.ts";
import type { KeyDeps } from "../usecases/upkeep/key-deps.ts";
import { createDeclarationReader } from "./declaration-reader.ts";
import type { Stores } from "./stores.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Refused exchanges of one tenant: a matrix of sixty jobs may fail twice over, and a job that tries again each second
 * for ever is told why each time.
 */
const FAILURES = { perSecond: 2, burst: 120 };

/** In what a server and the command line differ. */
type OwnParts = Pick<
  Telemetry,
  "directory" | "ledger" | "metrics" | "trail" | "auditLoss" | "reportKeyEvent"
> &
  Pick<AppDeps, "log" | "localCaller">;

/** The app on Node, on stores that are open. Starts nothing and writes nothing by itself. */
export function createNodeApp(
  settings: Settings,
  { apiTokens, auditLog, nearMisses }: Pick<Stores, "apiTokens" | "auditLog" | "nearMisses">,
  { envelope, maker }: Pick<KeyDeps, "maker"> & { readonly envelope: Envelope },
  { reportKeyEvent, ...parts }: OwnParts,
): Hono<AppEnv> {
  const { directory } = parts;
  const keys = new KeyRing({ directory, envelope, clock: systemClock, random: webRandom });
  return createApp({
    ...parts,
    publicUrl: settings.publicUrl,
    refusalDelayMs: settings.refusalDelayMs,
    apiTokens,
    auditLog,
    nearMisses,
    system: new CachedSystem(directory, systemClock),
    verifier: createSignatureVerifier({
      clock: systemClock,
      egressProxy: settings.egressProxy,
      report: reportKeyEvent,
    }),
    keys,
    maker,
    declarations: createDeclarationReader(settings.publicUrl),
    signer: new NodeSigner(keys),
    failureLimit: new TokenBuckets(FAILURES, systemClock),
    addressLimit: settings.rateLimit && new TokenBuckets(settings.rateLimit, systemClock),
    clock: systemClock,
    random: webRandom,
    peerAddress,
    isTrustedProxy: trustedProxies(settings.trustedProxies),
  });
}

function peerAddress(env: unknown): string | undefined {
  const address = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : plainAddress(address);
}
