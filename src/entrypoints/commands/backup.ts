import { readFileSync } from "node:fs";
import { sha256Stream } from "../../adapters/runtime/sha256-stream.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { backUp } from "../../usecases/upkeep/back-up.ts";
import { STANDARD, writePrivately } from "../private-file.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";

const MANIFEST = new URL("../../../package.json", import.meta.url);

export const backup: Command = {
  words: ["backup"],
  positionals: ["FILE"],
  options: {},
  usage: "",
  summary: "writes all that operators and namespaces wrote to a file",
  description:
    "Writes issuers, registries, namespaces, robot accounts, rules, permissions, keys and API tokens to FILE (mode\n0600), or to standard output with -. Servers go on meanwhile. Private keys in it stay encrypted under\nBERTH_ENCRYPTION_KEY, which is not in it. Credentials, used identity tokens and the audit record are not in it.",
  example: "berth backup /var/backups/berth-$(date +%F).jsonl",
  async run({ positionals, environment }) {
    const [path = ""] = positionals;
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      const deps = { ...stores, clock: systemClock, newDigest: sha256Stream };
      const lines = await backUp(deps, { berth: releaseOf(MANIFEST), store: stores.name });
      if (!lines.ok) {
        console.error(`berth: ${lines.error}`);
        return 1;
      }
      await writePrivately(path, terminated(lines.value));
      if (path !== STANDARD) console.log(`${path}: written`);
      return 0;
    } finally {
      stores.close();
    }
  },
};

async function* terminated(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function releaseOf(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
  return version;
}
