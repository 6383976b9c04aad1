import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { Credential } from "../../src/domain/accounts/credential.ts";
import {
  credentialId,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  type Secret,
} from "../../src/domain/accounts/secret.ts";
import type { Ledger } from "../../src/usecases/ports.ts";
import { aCredential, anEvent, aRedemption } from "./baseline.ts";
import type { TestClock } from "./test-clock.ts";

let minted = 0;

/** A credential in the ledger, as the baseline's rule gives it but for `change`; an API token if it has API scopes. */
export async function mintCredential(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: TestClock },
  change: Partial<Credential> = {},
): Promise<{ readonly secret: Secret; readonly credential: Credential }> {
  minted += 1;
  const shard = minted % 64;
  const newSecret = change.apiScopes === undefined ? newCredentialSecret : newExchangedApiTokenSecret;
  const secret = newSecret(shard, webRandom);
  const credential = { ...aCredential(clock.seconds()), ...(await credentialId(secret)), ...change };
  const redemption = aRedemption(clock.now(), {
    shard,
    replayKey: minted.toString(16).padStart(64, "0"),
    credential,
    event: anEvent(clock.now(), { requestId: "set-up" }),
  });
  const outcome = await ledger.redeem(redemption);
  if (outcome.kind !== "minted") throw new Error(outcome.kind);
  return { secret, credential };
}
