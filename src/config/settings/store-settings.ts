import * as z from "zod";
import { wholeNumber } from "../setting-fields.ts";
import { type RedisSettings, redisFields, toRedisSettings } from "./redis-settings.ts";

/** Where everything is kept. */
export interface StoreSettings {
  readonly dataDir: string;
  /** Absent: the stores are SQLite files in `dataDir`. The URL holds a password, most likely. */
  readonly redis?: RedisSettings;
  readonly storeTimeoutMs: number;
}

export const storeFields = {
  BERTH_DATA_DIR: z.string().prefault("./data").meta({
    description: "Folder of the SQLite files, on a local disk.",
  }),
  ...redisFields,
  BERTH_STORE_TIMEOUT_MS: wholeNumber(100, 30_000).prefault("2000").meta({
    description: "How long the store may take to answer, in milliseconds; after that the answer is 503.",
    limits: "100 to 30000",
  }),
};

type Values = z.output<z.ZodObject<typeof storeFields>>;

export function toStoreSettings(values: Values): StoreSettings {
  const redis = toRedisSettings(values);
  return {
    dataDir: values.BERTH_DATA_DIR,
    ...(redis === undefined ? {} : { redis }),
    storeTimeoutMs: values.BERTH_STORE_TIMEOUT_MS,
  };
}
