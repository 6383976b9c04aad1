import { ok, type Result } from "../domain/result.ts";
import { exchangeIdentity, revokeCredential } from "./berth-client.ts";
import { checkRegistry } from "./check-registry.ts";
import type { ClientProblem } from "./client-problem.ts";
import type { Earned } from "./exchange-answer.ts";
import type { Wish } from "./exchange-id.ts";
import type { ClientContext } from "./job-console.ts";
import { maskSecret } from "./mask-secret.ts";
import type { ServerVisit } from "./plan-visits.ts";

/** A credential, masked before all else, that Berth has shown to be good at each of the visit's registries. */
export async function earnChecked(
  context: ClientContext,
  { registries, server, identity }: ServerVisit,
  wish: Omit<Wish, "server">,
  retryKey: string,
): Promise<Result<Earned, ClientProblem>> {
  const { environment } = context;
  const earned = await exchangeIdentity(environment, { ...wish, server, identity, retryKey });
  if (!earned.ok) return earned;
  const { credential } = earned.value;
  maskSecret(context, earned.value);
  for (const { host } of registries) {
    const checked = await checkRegistry(environment, host, { ...earned.value, server });
    if (checked.ok) continue;
    // Nobody has it yet. Revoked, it would take the job's only identity token with it.
    if (identity.renewable) await revokeCredential(environment, { server, credential });
    return checked;
  }
  return ok(earned.value);
}
