import * as z from "zod";

/** Berth's own routes write a time as RFC 3339 has it, in UTC. */
export const wireTimeSchema = z.iso.datetime().meta({ examples: ["2026-03-01T12:00:00.000Z"] });

/** @param at Unix seconds. */
export function wireTime(at: number): string {
  return new Date(at * 1000).toISOString();
}

const SENTENCE = "must be a time of RFC 3339 since 1970, such as 2026-03-01T12:00:00Z";

/** A time in a request: Unix milliseconds. */
export const timeField = z.iso
  .datetime({ offset: true, error: SENTENCE })
  .transform((text) => Date.parse(text))
  .refine((at) => at >= 0, SENTENCE);
