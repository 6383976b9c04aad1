import { randomUUID } from "node:crypto";
import type { Log } from "../adapters/log/json-lines.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import { bootstrapApiToken } from "../usecases/management/bootstrap-api-token.ts";
import type { Stores } from "./stores.ts";

/** Makes the settings' bootstrap token the first API token, unless the store has had one. */
export async function bootstrapFromSettings(
  { bootstrapToken }: Pick<Settings, "bootstrapToken">,
  { apiTokens }: Pick<Stores, "apiTokens">,
  log: Log,
): Promise<void> {
  if (bootstrapToken === undefined) return;
  const deps = { apiTokens, clock: systemClock, random: webRandom };
  const made = await bootstrapApiToken(deps, "environment", { requestId: randomUUID() }, bootstrapToken);
  if (made.ok) {
    const expires = new Date(made.value.expiresAt * 1000).toISOString();
    return log("info", "first API token made from BERTH_BOOTSTRAP_TOKEN", { token: made.value.id, expires });
  }
  if (made.error.reason === "store_unavailable") {
    // A server that has one may start while the store takes no writes: it is asked for again at the next start.
    return log("warn", "BERTH_BOOTSTRAP_TOKEN not looked at: the store does not answer", {});
  }
  // At every start but the first, until somebody takes the variable away.
  log("warn", "BERTH_BOOTSTRAP_TOKEN ignored", { detail: `${made.error.detail}; take the variable away` });
}
