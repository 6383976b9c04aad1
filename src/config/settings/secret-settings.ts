import type * as z from "zod";
import type { Secret } from "../../domain/accounts/secret.ts";
import { text } from "../setting-fields.ts";
import { type EncryptionKey, parseApiToken, parseEncryptionKeys } from "../setting-values.ts";

/** What Berth itself keeps secret. */
export interface SecretSettings {
  /** At least one; the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** The first API token, where there has never been one. */
  readonly bootstrapToken?: Secret;
}

export const secretFields = {
  BERTH_ENCRYPTION_KEY: text(parseEncryptionKeys).meta({
    description:
      'Keys that encrypt Berth\'s signing keys at rest. The first encrypts, all decrypt, so a new one is put in front. Made with `echo "k1:$(openssl rand -base64 32)"`.',
    limits: "`ID:KEY`, each key 32 bytes in base64, separated by commas",
    secret: true,
  }),
  BERTH_BOOTSTRAP_TOKEN: text(parseApiToken).optional().meta({
    description:
      "The first API token with `super:user`, good for 24 hours, in which to make one for each person and program. Works only while the store has never had one; later it is ignored. Made with `berth admin bootstrap --print-only`.",
    limits: "`bra_…`",
    secret: true,
  }),
};

export function toSecretSettings(values: z.output<z.ZodObject<typeof secretFields>>): SecretSettings {
  const { BERTH_BOOTSTRAP_TOKEN: bootstrapToken } = values;
  return {
    encryptionKeys: values.BERTH_ENCRYPTION_KEY,
    ...(bootstrapToken === undefined ? {} : { bootstrapToken }),
  };
}
