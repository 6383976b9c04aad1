import { UnavailableError } from "../../usecases/ports.ts";
import type { RedisConnection } from "./connection.ts";
import type { Durability } from "./options.ts";
import { isAtLeast, type ServerInfo } from "./server-info.ts";

/** `SET … PXAT`, which keeps a mark until a moment and not for a while, came with 6.2; WAITAOF with 7.2. */
const MIN_VERSION = [6, 2] as const;
const WAITAOF_VERSION = [7, 2] as const;

export interface ServerReport {
  /** Each is reason enough not to start, and says how it is mended. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** How Berth is set to use the servers. */
export interface IntendedUse extends Durability {
  readonly isCluster: boolean;
}

/** Waits for the servers, within the deadline, and says what is wrong with those behind the connection. */
export async function checkServer(connection: RedisConnection): Promise<ServerReport> {
  try {
    const seen = await connection.whenSeen();
    const report = merge(seen.map((info) => reportOn(info, connection.use)));
    if (report.problems.length === 0) await connection.whenReady();
    return report;
  } catch (fault) {
    if (!(fault instanceof UnavailableError)) throw fault;
    const mend = "Check the URL, the password, and that the server runs and is a primary.";
    return { problems: [`${fault.message}. ${mend}`], warnings: [] };
  }
}

export function reportOn(info: ServerInfo, use: IntendedUse): ServerReport {
  // What a replica is set to is of no account: another server is wanted.
  if (!info.isPrimary) return { problems: [], warnings: [] };
  return { problems: problemsOf(info, use), warnings: warningsOf(info, use) };
}

function problemsOf(info: ServerInfo, use: IntendedUse): readonly string[] {
  const problems: string[] = [];
  if (info.evictionPolicy !== "noeviction") {
    problems.push(
      `Redis may evict keys (maxmemory-policy ${info.evictionPolicy}), and an evicted mark is an identity token that works twice. ` +
        "Set maxmemory-policy noeviction.",
    );
  }
  if (!isAtLeast(info.version, MIN_VERSION)) {
    problems.push(`Redis has version ${info.version}. Install ${MIN_VERSION.join(".")} or later, or Valkey.`);
  }
  if (info.isCluster && !use.isCluster) {
    problems.push("Redis is a node of a cluster. Set BERTH_REDIS_TOPOLOGY to cluster.");
  }
  if (use.waitAof && !isAtLeast(info.version, WAITAOF_VERSION)) {
    problems.push(
      `Redis has version ${info.version}, without WAITAOF. Install ${WAITAOF_VERSION.join(".")} or later, or Valkey, or leave BERTH_REDIS_WAIT_AOF out.`,
    );
  }
  if (use.waitAof && !info.hasAppendOnlyFile) {
    problems.push("BERTH_REDIS_WAIT_AOF is true, and Redis has no append-only file. Set appendonly yes.");
  }
  return problems;
}

function warningsOf(info: ServerInfo, use: IntendedUse): readonly string[] {
  const warnings: string[] = [];
  if (!info.hasAppendOnlyFile && !use.waitAof) {
    warnings.push(
      "Redis has no append-only file: after a crash it may have forgotten which identity tokens were used. " +
        "Set appendonly yes, or run `berth store new-epoch` after each crash.",
    );
  }
  if (info.replicas > 0 && !info.needsReplicas && use.waitReplicas === 0) {
    warnings.push(
      "Redis has replicas and takes writes without them: a failover can forget used identity tokens and revocations. " +
        "Set min-replicas-to-write 1, and BERTH_REDIS_WAIT_REPLICAS to their number (docs/redis.md).",
    );
  }
  if (info.replicas > use.waitReplicas && use.waitReplicas > 0 && !use.epochOnFailover) {
    warnings.push(
      `Redis has ${info.replicas} replicas, and BERTH_REDIS_WAIT_REPLICAS is ${use.waitReplicas}: a failover to one that has not got the last writes forgets them. ` +
        `Set it to ${info.replicas}, or set BERTH_REDIS_EPOCH_ON_FAILOVER (docs/chaos.md).`,
    );
  }
  if (info.replicas < use.waitReplicas) {
    warnings.push(
      `Redis has ${info.replicas} replicas, and BERTH_REDIS_WAIT_REPLICAS is ${use.waitReplicas}: every exchange is refused until there are as many.`,
    );
  }
  return warnings;
}

function merge(reports: readonly ServerReport[]): ServerReport {
  return {
    problems: [...new Set(reports.flatMap(({ problems }) => problems))],
    warnings: [...new Set(reports.flatMap(({ warnings }) => warnings))],
  };
}
