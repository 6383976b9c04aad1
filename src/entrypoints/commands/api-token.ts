import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseSecret, type Secret } from "../../domain/accounts/secret.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Environment } from "../read-settings.ts";

/** Read or written by the group or by others. */
const SHARED_MODE = 0o077;

/**
 * The API token to show: that of BERTH_TOKEN, of the file that BERTH_TOKEN_FILE names, or of `~/.config/berth/token`.
 * Never an argument, which every process of the host can read. A secret of another class goes to no server. Throws
 * ConfigurationError, which never holds what was read.
 */
export function findApiToken(environment: Environment): Secret {
  const { BERTH_TOKEN: token, BERTH_TOKEN_FILE: file } = environment;
  if (token && file) {
    throw new ConfigurationError(["BERTH_TOKEN_FILE: must not stand beside BERTH_TOKEN: set one of the two"]);
  }
  if (token) return apiToken(token, "BERTH_TOKEN");
  if (file) return apiToken(readOwn(file) ?? missing(file), file);
  const usual = join(environment.HOME ?? homedir(), ".config", "berth", "token");
  return apiToken(readOwn(usual) ?? missing(usual), usual);
}

function apiToken(text: string, where: string): Secret {
  const secret = parseSecret(text.trim());
  if (secret?.class === "api-token" || secret?.class === "exchanged-api-token") return secret;
  throw new ConfigurationError([`${where}: is not an API token (bra_…)`]);
}

/** The text of a file that is this user's alone; undefined: there is none. Looked at through one handle. */
function readOwn(file: string): string | undefined {
  const handle = opened(file);
  if (handle === undefined) return undefined;
  try {
    const { mode, uid } = fstatSync(handle);
    const own = process.getuid?.() ?? uid;
    if (uid !== own) throw new ConfigurationError([`${file}: belongs to another user`]);
    if ((mode & SHARED_MODE) !== 0) {
      throw new ConfigurationError([`${file}: others may read it; run: chmod 600 ${file}`]);
    }
    return readFileSync(handle, "utf8");
  } finally {
    closeSync(handle);
  }
}

function opened(file: string): number | undefined {
  try {
    return openSync(file, "r");
  } catch (fault) {
    const code = fault instanceof Error && "code" in fault ? String(fault.code) : "unknown";
    if (code === "ENOENT") return undefined;
    throw new ConfigurationError([`${file}: cannot be read: ${code}`]);
  }
}

function missing(file: string): never {
  throw new ConfigurationError([
    `no API token: set BERTH_TOKEN or BERTH_TOKEN_FILE, or put one into ${file} (mode 0600)`,
  ]);
}
