import { PemCaFiles } from "../../adapters/keys/pem-ca-files.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { Settings } from "../../config/settings.ts";
import { keyDeps } from "../key-deps.ts";
import { type Environment, readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";

type Keys = ReturnType<typeof keyDeps> & { readonly caFiles: PemCaFiles };

/** Runs a command for Berth's own keys on the store that the environment names. */
export async function withKeys(
  environment: Environment,
  run: (deps: Keys, settings: Settings) => Promise<number>,
): Promise<number> {
  const settings = readSettings(environment);
  const stores = await openStores(settings, systemClock);
  try {
    const deps = keyDeps(settings, stores);
    return await run({ ...deps, caFiles: new PemCaFiles(deps.envelope) }, settings);
  } finally {
    stores.close();
  }
}

/** Says why nothing was done, and is the exit code. */
export function refuse(...sentences: readonly string[]): number {
  for (const sentence of sentences) console.error(`berth: ${sentence}`);
  return 1;
}
