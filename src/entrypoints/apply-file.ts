import { randomUUID } from "node:crypto";
import type { Log } from "../adapters/log/json-lines.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import { webRandom } from "../adapters/runtime/web-random.ts";
import type { Settings } from "../config/settings.ts";
import { applyDeclaration } from "../usecases/management/apply-declaration.ts";
import { type Directory, UnavailableError } from "../usecases/ports.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { readDeclaration } from "./declaration.ts";

/** `managedBy` of what a declaration file at start brings. */
const OWNER = "file";

/** Applies the declaration file, if the settings name one. A file that is older than the store's is left alone. */
export async function applyFile(settings: Settings, directory: Directory, log: Log): Promise<void> {
  const { declarationFile } = settings;
  if (declarationFile === undefined) return;
  const { declaration, warnings } = readDeclaration(declarationFile, settings.publicUrl);
  for (const warning of warnings) log("warn", "declaration could be safer", { detail: warning });
  // Of two instances with two files, the number says which one is newer.
  if (settings.redis !== undefined && declaration.revision === 0) {
    throw new ConfigurationError([
      `${declarationFile}: needs a revision (\`revision: 1\`), since Redis may be shared: raise it with each change`,
    ]);
  }
  const deps = { directory, clock: systemClock, random: webRandom };
  const applied = await applyDeclaration(deps, declaration, { owner: OWNER, requestId: randomUUID() });
  if (applied.ok) {
    const changed = applied.value.objects.filter(({ outcome }) => outcome !== "unchanged").length;
    return log("info", "declaration applied", { digest: applied.value.digest, changed });
  }
  const { reason, detail = "" } = applied.error;
  if (reason === "store_unavailable") throw new UnavailableError(detail);
  if (reason === "conflict") throw new ConfigurationError([`${declarationFile}: ${detail}`]);
  // An instance that restarts with yesterday's file serves today's records.
  log("warn", "declaration left alone", { reason, detail });
}
