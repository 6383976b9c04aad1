import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import { apiTokenId, newApiTokenSecret, type Secret } from "../../src/domain/accounts/secret.ts";
import type { ApiTokens } from "../../src/usecases/ports.ts";
import { anApiToken, anEvent } from "./baseline.ts";

/**
 * Writes an API token to a store, an operator's for an hour, and gives it.
 *
 * @param now Unix seconds.
 */
export async function addApiToken(
  apiTokens: ApiTokens,
  now: number,
  change: Partial<ApiToken> = {},
): Promise<{ readonly secret: Secret; readonly record: ApiToken }> {
  const secret = newApiTokenSecret(webRandom);
  const record = anApiToken({
    ...(await apiTokenId(secret)),
    scopes: ["super:user"],
    namespaces: "all",
    createdAt: now,
    expiresAt: now + 3600,
    ...change,
  });
  const event = anEvent(now * 1000, { kind: "api_token.created" });
  if (!(await apiTokens.add(record, event))) throw new Error("the API token is there already");
  return { secret, record };
}
