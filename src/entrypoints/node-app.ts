import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { CachedSystem } from "../adapters/directory/cached-system.ts";
import type { Envelope } from "../adapters/keys/envelope.ts";
import { KeyRing } from "../adapters/keys/key-ring.ts";
import { NodeSigner } from "../adapters/keys/node-signer.ts";
import { createSignatureVerifier } from "../adapters/oidc/jose-verifier.ts";
import { nodeSha256 } from "../adapters/runtime/node-sha256.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { plainAddress, trustedProxies } from "../adapters/runtime/trusted-proxies.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import { createApp } from "../http/app.ts";
import type { AppDeps, AppEnv } from "../http/deps.ts";
import type { KeyDeps } from "../usecases/upkeep/key-deps.ts";
import { commonParts } from "./common-parts.ts";
import { createDeclarationReader } from "./declaration-reader.ts";
import { rememberRobotTokens, stalePulls } from "./stale-pulls.ts";
import type { Stores } from "./stores.ts";
import type { Telemetry } from "./telemetry.ts";

/** In what a server and the command line differ. */
type OwnParts = Pick<
  Telemetry,
  "directory" | "ledger" | "metrics" | "trail" | "auditLoss" | "reportKeyEvent"
> &
  Pick<AppDeps, "log" | "metricsText" | "localCaller" | "isStopping">;

/** The app on Node, on stores that are open. Starts nothing and writes nothing by itself. */
export function createNodeApp(
  settings: Settings,
  stores: Pick<Stores, "apiTokens" | "auditLog" | "nearMisses">,
  { envelope, maker }: Pick<KeyDeps, "maker"> & { readonly envelope: Envelope },
  { reportKeyEvent, ...parts }: OwnParts,
): Hono<AppEnv> {
  const { stalePullSeconds } = settings;
  const { directory, tokens } = rememberRobotTokens(parts.directory, stalePullSeconds);
  const keys = new KeyRing({ directory, envelope, clock: systemClock, random: webRandom });
  const system = new CachedSystem(directory, systemClock);
  return createApp({
    ...parts,
    directory,
    ...commonParts(settings, stores),
    system,
    stalePulls: stalePulls(tokens, stalePullSeconds, system, keys),
    verifier: createSignatureVerifier({
      clock: systemClock,
      egressProxy: settings.egressProxy,
      report: reportKeyEvent,
    }),
    keys,
    maker,
    declarations: createDeclarationReader(settings.publicUrl),
    signer: new NodeSigner(keys),
    sha256: nodeSha256,
    peerAddress,
    isTrustedProxy: trustedProxies(settings.trustedProxies),
  });
}

function peerAddress(env: unknown): string | undefined {
  const address = (env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : plainAddress(address);
}
