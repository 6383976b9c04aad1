import * as z from "zod";
import { text, wholeNumber } from "../setting-fields.ts";
import { type ListenAddress, parseListenAddress } from "../setting-values.ts";

/** What a running Berth allows a client, cleans up, and tells of itself. */
export interface UpkeepSettings {
  /** Between two runs of the collector; 0: it does not run by itself. */
  readonly collectSeconds: number;
  /** `-` is standard output. */
  readonly auditFile?: string;
  /** Requests of one client address; absent: no limit. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  /** Absent: no metrics. */
  readonly metricsListen?: ListenAddress;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

export const upkeepFields = {
  BERTH_COLLECT_SECONDS: wholeNumber(0, 86_400).prefault("300").meta({
    description:
      "How often this server removes what deletion and time left behind (docs/operations.md), in seconds, half as much more or less. Of several servers on one store one does it at a time.",
    limits: "0 to 86400; `0` turns it off",
  }),
  BERTH_AUDIT_FILE: z.string().optional().meta({
    description:
      "File that gets each audit event as one JSON line as well, once the store has it; `-` is standard output. A file that was moved away is made anew within a second (logrotate). Lines that cannot be written are counted as lost, and no request waits or fails for them.",
    limits: "a path in a folder that exists, or `-`",
  }),
  BERTH_RATE_LIMIT_PER_SECOND: wholeNumber(0, 1_000_000).prefault("20").meta({
    description:
      "Requests a second that one client address (IPv6: a /64 network) may make in the long run, to everything but metadata and health; beyond it the answer is 429. Loopback addresses are not limited. Each process counts for itself, so `BERTH_PROCESSES` let through as many times as much. Raise it where many clients come from one address that is not a trusted proxy.",
    limits: "0 to 1000000; `0` turns the limit off",
  }),
  BERTH_RATE_LIMIT_BURST: wholeNumber(1, 1_000_000).prefault("600").meta({
    description:
      "Requests that one client address may make at once. A matrix of sixty jobs behind one address makes about eight each.",
    limits: "1 to 1000000",
  }),
  BERTH_METRICS_LISTEN: text(parseListenAddress).optional().meta({
    description:
      "The address and port of `/metrics`, for Prometheus. There is no access control: whoever reaches it can read it. Not set: no metrics.",
    limits: "as `BERTH_LISTEN`, with another port",
  }),
  BERTH_LOG_LEVEL: z.enum(LOG_LEVELS).prefault("info").meta({ description: "The least level to log." }),
};

export function toUpkeepSettings(values: z.output<z.ZodObject<typeof upkeepFields>>): UpkeepSettings {
  const {
    BERTH_AUDIT_FILE: auditFile,
    BERTH_RATE_LIMIT_PER_SECOND: perSecond,
    BERTH_METRICS_LISTEN: metricsListen,
  } = values;
  return {
    collectSeconds: values.BERTH_COLLECT_SECONDS,
    ...(auditFile === undefined ? {} : { auditFile }),
    ...(perSecond === 0 ? {} : { rateLimit: { perSecond, burst: values.BERTH_RATE_LIMIT_BURST } }),
    ...(metricsListen === undefined ? {} : { metricsListen }),
    logLevel: values.BERTH_LOG_LEVEL,
  };
}
