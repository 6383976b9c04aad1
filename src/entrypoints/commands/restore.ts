import { randomUUID } from "node:crypto";
import { sha256Stream } from "../../adapters/runtime/sha256-stream.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import type { Backup } from "../../usecases/upkeep/backup-format.ts";
import { readBackup } from "../../usecases/upkeep/read-backup.ts";
import { type Restored, restore as restoreStore } from "../../usecases/upkeep/restore.ts";
import { keyDeps } from "../key-deps.ts";
import { openBytes } from "../private-file.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import { textLines } from "../text-lines.ts";
import type { Command } from "./command.ts";

const MAX_NAMED_ROBOTS = 20;

export const restore: Command = {
  words: ["restore"],
  positionals: ["FILE"],
  options: { replace: { type: "boolean" }, "with-tokens": { type: "boolean" } },
  usage: "[--replace] [--with-tokens]",
  summary: "makes the store what a backup says, and revives nothing",
  description:
    "Checks FILE (- is standard input) whole, then makes the store what it says. Stop the servers first. Every credential\nis dead then, and every identity token issued until now is refused. Robot tokens and API tokens come back only if\nthe store has them now: of a lost store, or for a move to another, --with-tokens brings back those of the backup,\nalso what was revoked since. --replace: the store has records, and they may go. If it is broken off, run it again.",
  example: "berth restore --replace /var/backups/berth-2026-05-10.jsonl",
  async run({ values, positionals, environment }) {
    const [path = ""] = positionals;
    const settings = readSettings(environment);
    const read = await readBackup(textLines(await openBytes(path)), sha256Stream());
    if (!read.ok) return refuse(`${path}: ${read.error}; nothing was written`);
    const stores = await openStores(settings, systemClock);
    try {
      const { maker } = keyDeps(settings, stores);
      const restored = await restoreStore(
        { ...stores, maker, clock: systemClock, random: webRandom },
        read.value,
        { withTokens: values["with-tokens"] === true, replace: values.replace === true },
        randomUUID(),
      );
      if (!restored.ok) return refuse(restored.error);
      report(read.value, restored.value);
      return 0;
    } finally {
      stores.close();
    }
  },
};

function report({ header }: Backup, restored: Restored): void {
  console.log(
    `restored the backup of ${header.madeAt} (namespaces: ${restored.namespaces}, robot accounts: ${restored.robots})`,
  );
  console.log("every credential is dead, and every identity token issued until now is refused");
  if (restored.keysKept.length > 0) {
    console.log(`keys that the store has had since the backup, and keeps: ${restored.keysKept.join(", ")}`);
  }
  if (restored.robotTokensLost.length > 0) {
    console.log(
      `robot accounts that need a new token (berth robots token): ${named(restored.robotTokensLost)}`,
    );
  }
  if (restored.apiTokensLost + restored.apiTokensRemoved > 0) {
    console.log(
      `API tokens of the backup that did not come back: ${restored.apiTokensLost}; newer ones that are gone: ${restored.apiTokensRemoved}`,
    );
  }
  const { robotTokensRevived, apiTokensRevived } = restored;
  if (robotTokensRevived + apiTokensRevived > 0) {
    console.error(
      `berth: warning: tokens that this store did not have live again (robot tokens: ${robotTokensRevived}, API tokens: ${apiTokensRevived}): regenerate or revoke those that had been ended since the backup`,
    );
  }
}

function named(robots: readonly string[]): string {
  const rest = robots.length - MAX_NAMED_ROBOTS;
  return [...robots.slice(0, MAX_NAMED_ROBOTS), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function refuse(sentence: string): number {
  console.error(`berth: ${sentence}`);
  return 1;
}
