import { readFileSync } from "node:fs";
import { parseSettings, type Settings } from "../config/settings.ts";
import { ConfigurationError } from "./configuration-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of `environment`; throws ConfigurationError with all their problems. */
export function readSettings(environment: Environment): Settings {
  const settings = parseSettings(environment, (path) => readFileSync(path, "utf8"));
  if (!settings.ok) throw new ConfigurationError(settings.error);
  return settings.value;
}
