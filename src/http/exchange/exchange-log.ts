import type { Context } from "hono";
import type { Credential } from "../../domain/accounts/credential.ts";
import type { Result } from "../../domain/result.ts";
import type { ExchangeRefusal } from "../../usecases/exchange/verify-identity-token.ts";
import type { AppDeps, AppEnv } from "../deps.ts";

/** A granted exchange in the access log. */
export function noteExchange(c: Context<AppEnv>, record: Credential): void {
  c.set("outcome", {
    robot: record.robot,
    issuer: record.issuer,
    subject: record.subject,
    rule_id: record.ruleId,
    credential_id: record.id,
  });
}

/** An exchange in the metrics, however it ended. */
export function countExchange(
  { metrics }: Pick<AppDeps, "metrics">,
  exchanged: Result<{ readonly profile: string }, ExchangeRefusal>,
): void {
  if (exchanged.ok) metrics.exchange("granted", exchanged.value.profile);
  else metrics.exchange(exchanged.error.reason, exchanged.error.profile);
}
