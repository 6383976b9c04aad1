import * as z from "zod";
import { GRANTABLE_API_SCOPES } from "../../domain/access/api-scope.ts";
import { ACTIONS } from "../../domain/access/permission.ts";
import type { CredentialListing, ListedCredential } from "../../usecases/management/list-credentials.ts";
import { nextPage } from "./paging.ts";
import { wireTime, wireTimeSchema } from "./wire-time.ts";

const credentialSchema = z
  .object({
    id: z.string(),
    state: z
      .enum(["alive", "expired", "revoked"])
      .meta({ description: "`revoked` also where a rule, a robot account or an issuer has changed since." }),
    robot: z.string(),
    rule_id: z.string(),
    api_scopes: z
      .array(z.enum(GRANTABLE_API_SCOPES))
      .optional()
      .meta({ description: "Of an API token that an identity token earned." }),
    issuer: z.string(),
    subject: z.string(),
    provenance: z
      .record(z.string(), z.string())
      .meta({ description: "The claims by which the run is found." }),
    grants: z.array(
      z.object({ registry: z.string(), repository: z.string(), actions: z.array(z.enum(ACTIONS)) }),
    ),
    catalog: z.boolean(),
    issued_at: wireTimeSchema,
    expires_at: wireTimeSchema,
    revoked_at: wireTimeSchema.optional(),
  })
  .meta({ id: "Credential" });

export const credentialListSchema = z
  .object({ credentials: z.array(credentialSchema), next_page: z.string().optional() })
  .meta({ id: "CredentialList" });

export const CREDENTIAL_LIST_EXAMPLE = {
  credentials: [
    {
      id: "07abababababababababababababababab",
      state: "alive",
      robot: "acme+builder",
      rule_id: "q83vEjRWeJCrze8SNFZ4kA",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:acme/app:ref:refs/heads/main",
      provenance: { run_id: "1234567890", repository: "acme/app" },
      grants: [{ registry: "registry.example.com", repository: "acme/app", actions: ["pull", "push"] }],
      catalog: false,
      issued_at: "2026-03-01T12:00:00.000Z",
      expires_at: "2026-03-01T13:00:00.000Z",
    },
  ],
};

export function credentialsOnTheWire({ credentials, next }: CredentialListing) {
  return { credentials: credentials.map(shown), ...nextPage(next) };
}

function shown(credential: ListedCredential) {
  const { ruleId, apiScopes, issuedAt, expiresAt, revokedAt, ...rest } = credential;
  return {
    ...rest,
    rule_id: ruleId,
    api_scopes: apiScopes,
    issued_at: wireTime(issuedAt),
    expires_at: wireTime(expiresAt),
    revoked_at: revokedAt === undefined ? undefined : wireTime(revokedAt),
  };
}
