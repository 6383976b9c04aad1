import { randomUUID } from "node:crypto";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { startEpoch } from "../../usecases/upkeep/start-epoch.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";

export const newEpoch: Command = {
  words: ["store", "new-epoch"],
  positionals: [],
  options: { yes: { type: "boolean" } },
  usage: "--yes",
  summary: "ends every credential (after a restore, or a loss)",
  description:
    "Starts a new epoch of the ledger: every credential is dead, and every identity token issued until now is\nrefused. For after a restored backup: what is left of the ledger cannot tell which tokens were used.",
  example: "berth store new-epoch --yes",
  async run({ values, environment }) {
    if (values.yes !== true) {
      console.error("berth: this ends every live credential; say --yes");
      return 2;
    }
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      await startEpoch({ ledger: stores.ledger, clock: systemClock }, randomUUID());
    } finally {
      stores.close();
    }
    console.log("a new epoch has begun: every credential is dead");
    return 0;
  },
};
