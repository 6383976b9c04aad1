import * as z from "zod";
import { ok } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../../usecases/unavailable.ts";
import { type KeySummary, listKeys } from "../../usecases/upkeep/list-keys.ts";
import { defineRoute } from "./define-route.ts";
import { NO_NAMESPACE } from "./namespace-source.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

const keySchema = z
  .object({
    name: z.string(),
    use: z.enum(["ca", "x5c", "kid", "pinned"]),
    status: z.enum(["published", "active", "retired"]),
    registry: z.string().optional().meta({ description: "Of a `pinned` key." }),
    created_at: wireTimeSchema,
    not_after: wireTimeSchema.optional().meta({ description: "Of its certificate." }),
    retired_at: wireTimeSchema.optional(),
    public_jwk: z.record(z.string(), z.string()),
    certificate_pem: z.string().optional(),
    encryption_key_id: z.string().meta({ description: "The encryption key that its private half needs." }),
  })
  .meta({ id: "Key" });

const list = defineRoute({
  method: "get",
  path: "/keys",
  tag: "keys",
  operationId: "listKeys",
  summary: "List Berth's own keys",
  description: "Without their private halves. They are rotated on the command line.",
  scopes: ["super:user"],
  exchanged: false,
  namespace: NO_NAMESPACE,
  params: z.object({}),
  success: {
    status: 200,
    description: "All keys, the oldest first: few.",
    schema: z.object({ keys: z.array(keySchema) }),
    example: {
      keys: [
        {
          name: "kid-1",
          use: "kid",
          status: "active",
          created_at: "2026-03-01T12:00:00.000Z",
          public_jwk: { kty: "EC", crv: "P-256", x: "…", y: "…", kid: "…" },
          encryption_key_id: "first",
        },
      ],
    },
  },
  errors: [],
  handle: async (deps) => {
    const listed = await refuseWhenUnavailable<readonly KeySummary[], never>(async () =>
      ok(await listKeys(deps)),
    );
    return listed.ok ? ok({ body: { keys: listed.value.map(shown) } }) : listed;
  },
});

function shown(key: KeySummary) {
  const { createdAt, notAfter, retiredAt, publicJwk, certificatePem, encryptionKeyId, ...rest } = key;
  return {
    ...rest,
    created_at: wireTime(createdAt),
    not_after: notAfter === undefined ? undefined : wireTime(notAfter),
    retired_at: retiredAt === undefined ? undefined : wireTime(retiredAt),
    public_jwk: publicJwk,
    certificate_pem: certificatePem,
    encryption_key_id: encryptionKeyId,
  };
}

export const KEY_ROUTES: readonly ManagementRoute[] = [list];
