import * as z from "zod";
import { text, wholeNumber } from "../setting-fields.ts";
import { parseServerUrl } from "../setting-values.ts";

/** Whom Berth trusts, and what a refused exchange tells. */
export interface ExchangeSettings {
  readonly declarationFile?: string;
  /** May hold a password. */
  readonly egressProxy?: string;
  readonly refusalDelayMs: number;
  readonly nearMissPersonal: boolean;
}

export const exchangeFields = {
  BERTH_FILE: z.string().optional().meta({
    description: "The declaration file (below), applied at start when its content is new.",
  }),
  BERTH_EGRESS_PROXY: text((value) => parseServerUrl(value, ["http", "https"]))
    .optional()
    .meta({
      description: "HTTP proxy through which the keys of issuers are fetched.",
      limits: "a URL with http:// or https://",
    }),
  BERTH_REFUSAL_DELAY_MS: wholeNumber(10, 5000).prefault("100").meta({
    description:
      "The earliest answer to an exchange that no rule allows, in milliseconds after the signature was verified, so that its time tells nothing about robots and rules.",
    limits: "10 to 5000",
  }),
  BERTH_NEAR_MISS_PERSONAL: z.enum(["true", "false"]).prefault("false").meta({
    description:
      "Whether near misses (docs/explain.md) keep logins, mail addresses and the ids of people, for rules that name them.",
  }),
};

export function toExchangeSettings(values: z.output<z.ZodObject<typeof exchangeFields>>): ExchangeSettings {
  const { BERTH_FILE: declarationFile, BERTH_EGRESS_PROXY: egressProxy } = values;
  return {
    ...(declarationFile === undefined ? {} : { declarationFile }),
    ...(egressProxy === undefined ? {} : { egressProxy }),
    refusalDelayMs: values.BERTH_REFUSAL_DELAY_MS,
    nearMissPersonal: values.BERTH_NEAR_MISS_PERSONAL === "true",
  };
}
