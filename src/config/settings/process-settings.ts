import type * as z from "zod";
import { err, ok } from "../../domain/result.ts";
import { text, wholeNumber } from "../setting-fields.ts";
import { type Parsed, parseWholeNumber } from "../setting-values.ts";

/** How Berth's processes run and end, and what they do while the store is down. */
export interface ProcessSettings {
  /** `auto`: as many as the machine runs at once, at most MAX_PROCESSES. */
  readonly processes: number | "auto";
  /** How long a server that stops still serves, while `/readyz` sends load balancers away. */
  readonly drainSeconds: number;
  /** How long a robot token that was verified is good for pulls while the store is down; 0: not at all. */
  readonly stalePullSeconds: number;
}

/** Of one machine and one port; beyond that the store, or the parent that hands out connections, is the limit. */
export const MAX_PROCESSES = 64;

const DRAIN_SECONDS = 5;

export const processFields = {
  BERTH_PROCESSES: text(parseProcesses)
    .prefault("1")
    .meta({
      description:
        "Server processes on this machine, behind the one port. A parent starts them, replaces one that ends, and at SIGHUP all, one after the other (docs/operations.md). Each has its own store connection, caches and rate limits.",
      limits: `1 to ${MAX_PROCESSES}, or \`auto\`: as many as the machine has processors`,
    }),
  BERTH_DRAIN_SECONDS: wholeNumber(0, 600)
    .optional()
    .meta({
      description: `How long a server that was told to stop still takes requests, while \`/readyz\` answers 503 so that load balancers leave, and each answer ends its connection. Not set: ${DRAIN_SECONDS}, and 0 with an http public URL, which has no load balancer.`,
      limits: "0 to 600",
    }),
  BERTH_STALE_PULLS: text(parseStalePulls).prefault("0").meta({
    description:
      "While the store is down, a robot token (never a credential) that this process verified within so many seconds still gets registry tokens for pulls. A robot that is disabled or regenerated elsewhere in that time may pull for as long. Off unless set; read docs/decisions/0019-stale-pulls.md before.",
    limits: "120 to 900; `0` turns it off",
  }),
};

type Values = z.output<z.ZodObject<typeof processFields>> & { readonly BERTH_PUBLIC_URL: string };

export function toProcessSettings(values: Values): ProcessSettings {
  const standsAlone = values.BERTH_PUBLIC_URL.startsWith("http:");
  return {
    processes: values.BERTH_PROCESSES,
    drainSeconds: values.BERTH_DRAIN_SECONDS ?? (standsAlone ? 0 : DRAIN_SECONDS),
    stalePullSeconds: values.BERTH_STALE_PULLS,
  };
}

function parseProcesses(value: string): Parsed<number | "auto"> {
  if (value === "auto") return ok(value);
  const count = parseWholeNumber(value, 1, MAX_PROCESSES);
  return count.ok ? count : err(`must be a whole number from 1 to ${MAX_PROCESSES}, or auto`);
}

/** A registry token lives for a minute at least, so that a shorter time would serve nobody. */
function parseStalePulls(value: string): Parsed<number> {
  if (value === "0") return ok(0);
  const seconds = parseWholeNumber(value, 120, 900);
  return seconds.ok ? seconds : err("must be a whole number from 120 to 900, or 0");
}
