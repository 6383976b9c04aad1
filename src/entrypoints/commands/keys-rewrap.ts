import { randomUUID } from "node:crypto";
import { rewrapKeys } from "../../usecases/upkeep/rewrap-keys.ts";
import type { Command } from "./command.ts";
import { refuse, withKeys } from "./with-keys.ts";

export const keysRewrap: Command = {
  words: ["keys", "rewrap"],
  positionals: [],
  options: {},
  usage: "",
  summary: "puts all signing keys under the first encryption key",
  description:
    "Encrypts every private key anew under the first key of BERTH_ENCRYPTION_KEY, so that the others may leave it. All\nservers must list the new key before. Not together with keys rotate. If it is broken off, run it again.",
  example: "BERTH_ENCRYPTION_KEY=k2:…,k1:… berth keys rewrap",
  run: ({ environment }) =>
    withKeys(environment, async (deps, { encryptionKeys }) => {
      const rewrapped = await rewrapKeys(deps, randomUUID());
      if (!rewrapped.ok) return refuse(...rewrapped.error, "nothing was written");
      const [first, ...others] = encryptionKeys.map(({ id }) => id);
      for (const name of rewrapped.value.rewritten) console.log(`${name}: now under ${first}`);
      console.log(
        others.length === 0
          ? `all keys are under ${first}`
          : `all keys are under ${first}: ${others.join(", ")} may leave BERTH_ENCRYPTION_KEY; keep it with the backups made until now`,
      );
      return 0;
    }),
};
