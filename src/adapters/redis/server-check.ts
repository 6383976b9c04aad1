import { UnavailableError } from "../../usecases/ports.ts";
import type { RedisConnection } from "./connection.ts";

/** `SET … PXAT`, which keeps a mark until a moment and not for a while, came with 6.2. */
const MIN_VERSION = [6, 2] as const;

export interface ServerReport {
  /** Each is reason enough not to start, and says how it is mended. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Waits for the connection, within its deadline, and says what is wrong with the server behind it. */
export async function checkServer(connection: RedisConnection): Promise<ServerReport> {
  try {
    await connection.whenReady();
    return reportOn(await connection.send((client) => client.info()));
  } catch (fault) {
    if (!(fault instanceof UnavailableError)) throw fault;
    const mend = "Check the URL, the password, and that the server runs and is a primary.";
    return { problems: [`${fault.message}. ${mend}`], warnings: [] };
  }
}

/** @param text The answer to INFO. */
export function reportOn(text: string): ServerReport {
  const info = parseInfo(text);
  const problems: string[] = [];
  const warnings: string[] = [];
  const policy = info.get("maxmemory_policy");
  if (policy !== "noeviction") {
    problems.push(
      `Redis may evict keys (maxmemory-policy ${policy}), and an evicted mark is an identity token that works twice. ` +
        "Set maxmemory-policy noeviction.",
    );
  }
  const version = info.get("redis_version") ?? "unknown";
  if (!isRecent(version)) {
    problems.push(`Redis has version ${version}. Install ${MIN_VERSION.join(".")} or later, or Valkey.`);
  }
  if (info.get("aof_enabled") !== "1") {
    warnings.push(
      "Redis has no append-only file: after a crash it may have forgotten which identity tokens were used. " +
        "Set appendonly yes, or run `berth store new-epoch` after each crash.",
    );
  }
  return { problems, warnings };
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [minMajor, minMinor] = MIN_VERSION;
  return major > minMajor || (major === minMajor && minor >= minMinor);
}

/** INFO: `name:value`, a line each, under `#` titles. */
function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(":");
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}
