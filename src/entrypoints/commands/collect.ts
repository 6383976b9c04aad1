import { randomUUID } from "node:crypto";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { SWEEP_KINDS } from "../../usecases/store-records.ts";
import { collectGarbage } from "../../usecases/upkeep/collect-garbage.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";

export const collect: Command = {
  words: ["collect"],
  positionals: [],
  options: {},
  usage: "",
  summary: "removes what deletion and time left behind",
  description:
    "Removes records of deleted namespaces, expired records and what belongs to nothing, as a server does by itself\n(BERTH_COLLECT_SECONDS): 100,000 of them in one run, and says how many of each kind. What it removes opens nothing.",
  example: "berth collect",
  async run({ environment }) {
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      const deps = { ...stores, clock: systemClock };
      const { elsewhere, removed, finished } = await collectGarbage(deps, { holder: randomUUID() });
      if (elsewhere) {
        console.log("another process collects at this moment; nothing was done");
        return 0;
      }
      for (const kind of SWEEP_KINDS) console.log(`${kind}: ${removed[kind] ?? 0}`);
      if (!finished) console.log("more is left: run it again");
      return 0;
    } finally {
      stores.close();
    }
  },
};
