import { BOOTSTRAP_API_TOKEN_SECONDS } from "../../domain/accounts/api-token.ts";
import { newApiTokenSecret, type RandomBytes, type Secret } from "../../domain/accounts/secret.ts";
import type { RequestContext } from "../../domain/audit-event.ts";
import { type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ApiTokens, Clock } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { apiTokenEvent, newApiToken } from "./api-token-record.ts";

interface BootstrapDeps {
  readonly apiTokens: Pick<ApiTokens, "add">;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Who stands behind the first API token, for the record: the host's operator, or its settings. */
export type BootstrapActor = "operator" | "environment";

/** The first API token, and when it ends. */
export interface FirstApiToken {
  readonly token: Secret;
  readonly id: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/**
 * The first API token with `super:user`, once ever: a store that has had one gives none, however it went, so that
 * nobody who comes by the settings later makes themselves an operator. It lives for a day.
 *
 * @param given The token, where the settings say it; absent: a new one.
 */
export function bootstrapApiToken(
  deps: BootstrapDeps,
  actor: BootstrapActor,
  context: RequestContext,
  given?: Secret,
): Promise<Result<FirstApiToken, Rejection<"conflict" | "store_unavailable">>> {
  return refuseWhenUnavailable<FirstApiToken, "conflict">(async () => {
    const at = deps.clock.now();
    const token = given ?? newApiTokenSecret(deps.random);
    const record = await newApiToken(
      token,
      { description: "the first one", scopes: ["super:user"], namespaces: "all" },
      { at, seconds: BOOTSTRAP_API_TOKEN_SECONDS, createdBy: actor },
    );
    const event = apiTokenEvent("api_token.created", record, at, { ...context, caller: { actor } });
    const added = await deps.apiTokens.add(record, event, "first");
    return added
      ? ok({ token, id: record.id, expiresAt: record.expiresAt })
      : err(rejection("conflict", "there has been an API token with super:user"));
  });
}
