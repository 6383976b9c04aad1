import { randomUUID } from "node:crypto";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { isRobotName } from "../../domain/access/names.ts";
import { newRobotToken } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { ManagementReason } from "../../domain/rejection.ts";
import { regenerateRobotToken } from "../../usecases/management/regenerate-robot-token.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";

const REFUSALS: Readonly<Record<ManagementReason, string>> = {
  robot_unknown: "no such robot account",
  token_declared: "the declaration file has this robot's token_hash; use --hash, and put the line there",
  conflict: "others keep changing this namespace; try again",
  store_unavailable: "the store does not answer",
};

export const robotsToken: Command = {
  words: ["robots", "token"],
  positionals: ["NAME"],
  options: { hash: { type: "boolean" } },
  usage: "[--hash]",
  summary: "makes a robot account a new token, and prints it once",
  description:
    "Regenerates the robot token of NAME and prints it, once. The old one and every live credential of the robot\nare dead when it has answered. With --hash no store is touched: the token goes to standard output, and the\nline for a declaration file to standard error.",
  example: "berth robots token acme+builder",
  async run({ values, positionals, environment }) {
    const [name = ""] = positionals;
    if (!isRobotName(name)) {
      console.error("berth: a robot account is named NAMESPACE+NAME, like acme+builder");
      return 2;
    }
    if (values.hash === true) return printDeclared();
    const stores = await openStores(readSettings(environment), systemClock);
    try {
      const deps = { directory: stores.directory, clock: systemClock, random: webRandom };
      const token = await regenerateRobotToken(deps, name, randomUUID());
      if (!token.ok) return refuse(token.error.reason);
      console.log(token.value.expose());
      return 0;
    } finally {
      stores.close();
    }
  },
};

async function printDeclared(): Promise<number> {
  const token = newRobotToken(webRandom).expose();
  console.log(token);
  console.error(`token_hash: "sha256:${await sha256Hex(token)}"`);
  return 0;
}

function refuse(reason: ManagementReason): number {
  console.error(`berth: ${REFUSALS[reason]}`);
  return 1;
}
