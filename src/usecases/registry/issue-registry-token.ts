import { anonymousGrants, type Registry } from "../../domain/access/registry.ts";
import type { RequestContext } from "../../domain/audit-event.ts";
import { type RegistryTokenReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { type AuthenticationDeps, authenticateAccount } from "./authenticate-account.ts";
import {
  type GrantDeps,
  grantRegistryToken,
  type Holder,
  type IssuedRegistryToken,
  type RegistryTokenRequest,
  requestEvent,
} from "./grant-registry-token.ts";
import { issueStalePull, type StalePulls } from "./issue-stale-pull.ts";

export interface RegistryTokenDeps extends AuthenticationDeps, GrantDeps {
  /** Absent: while the store is down there is nothing for anybody. */
  readonly stalePulls?: StalePulls | undefined;
}

type Outcome = Result<IssuedRegistryToken, Rejection<RegistryTokenReason>>;

/**
 * The answer to a registry's challenge (Docker token authentication): authenticate, intersect, sign. What is not
 * granted is left out of the token, and the registry says no to it.
 */
export async function issueRegistryToken(
  deps: RegistryTokenDeps,
  request: RegistryTokenRequest,
  context: RequestContext,
): Promise<Outcome> {
  const issued = await refuseWhenUnavailable(() => issueByStore(deps, request, context));
  const { stalePulls } = deps;
  if (stalePulls === undefined || issued.ok || issued.error.reason !== "store_unavailable") return issued;
  return refuseWhenUnavailable(async () => {
    const stale = await issueStalePull(deps, stalePulls, request, context);
    return stale === undefined ? issued : ok(stale);
  });
}

async function issueByStore(
  deps: RegistryTokenDeps,
  request: RegistryTokenRequest,
  context: RequestContext,
): Promise<Outcome> {
  const registry = await deps.system.findRegistry(request.service);
  if (registry === undefined) return err(rejection("service_unknown"));
  const holder = await authenticate(deps, request, registry);
  if (!holder.ok) {
    deps.trail.add({
      ...requestEvent(deps, request, context),
      kind: "registry_token.refused",
      ...holder.error,
    });
    return holder;
  }
  return ok(await grantRegistryToken(deps, request, context, registry, holder.value));
}

async function authenticate(
  deps: RegistryTokenDeps,
  request: RegistryTokenRequest,
  registry: Registry,
): Promise<Result<Holder, Rejection<RegistryTokenReason>>> {
  if (request.login) return authenticateAccount(deps, request.login);
  return ok({ actor: "anonymous", held: [{ grants: anonymousGrants(registry), catalog: false }] });
}
