import { randomUUID } from "node:crypto";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { newApiTokenSecret } from "../../domain/accounts/secret.ts";
import { bootstrapApiToken } from "../../usecases/management/bootstrap-api-token.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";

const REFUSALS = {
  conflict:
    "this store has had an API token with super:user, and gives a first one once. Make another with one that lives, or on this host with: berth tokens create",
  store_unavailable: "the store does not answer",
} as const;

export const adminBootstrap: Command = {
  words: ["admin", "bootstrap"],
  positionals: [],
  options: { "print-only": { type: "boolean" } },
  usage: "[--print-only]",
  summary: "makes the first API token, and prints it once",
  description:
    "Makes the first API token with super:user and prints it, once ever on a store. It lives for 24 hours: make one for\neach person and program with it. With --print-only no store is touched: the token is for BERTH_BOOTSTRAP_TOKEN,\nwith which a server makes it its first one at start.",
  example: "berth admin bootstrap",
  async run({ values, environment }) {
    if (values["print-only"] === true) return printNew();
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      const deps = { apiTokens: stores.apiTokens, clock: systemClock, random: webRandom };
      const made = await bootstrapApiToken(deps, "operator", { requestId: randomUUID() });
      if (!made.ok) {
        console.error(`berth: ${REFUSALS[made.error.reason]}`);
        return 1;
      }
      // The token alone goes to standard output, so that a pipe or a file holds nothing else.
      console.log(made.value.token.expose());
      console.error(
        `super:user until ${new Date(made.value.expiresAt * 1000).toISOString()}; make lasting ones with it, it is not shown again`,
      );
      return 0;
    } finally {
      stores.close();
    }
  },
};

function printNew(): number {
  console.log(newApiTokenSecret(webRandom).expose());
  console.error(
    "for BERTH_BOOTSTRAP_TOKEN, or a file that BERTH_BOOTSTRAP_TOKEN_FILE names; good for 24 hours",
  );
  return 0;
}
