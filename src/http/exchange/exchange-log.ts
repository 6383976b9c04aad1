import type { Context } from "hono";
import type { Credential } from "../../domain/accounts/credential.ts";
import type { AppEnv } from "../deps.ts";

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
