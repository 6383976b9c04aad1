import type { DockerScope } from "../../domain/access/docker-scope.ts";
import { type AccessEntry, intersectAccess } from "../../domain/access/granted-access.ts";
import { isRobotName } from "../../domain/access/names.ts";
import { anonymousGrants, type Registry } from "../../domain/access/registry.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { type RegistryTokenReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { AuditTrail, RegistryTokenClaims, Signer } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import {
  type Authenticated,
  type AuthenticationDeps,
  authenticateAccount,
  type Login,
} from "./authenticate-account.ts";

/** How far `iat` and `nbf` are dated back in seconds: zot allows no tolerance at all. */
const BACKDATE_SECONDS = 30;

export interface RegistryTokenDeps extends AuthenticationDeps {
  readonly signer: Signer;
  readonly trail: AuditTrail;
  readonly random: RandomBytes;
  /** Berth's public URL: the `iss` that a registry compares byte for byte. */
  readonly publicUrl: string;
}

export interface RegistryTokenRequest {
  readonly service: string;
  readonly scopes: readonly DockerScope[];
  /** Absent: an anonymous request. */
  readonly login?: Login;
}

export interface IssuedRegistryToken {
  readonly token: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  /** Its `sub`: who the registry will write into its events. */
  readonly actor: string;
}

/**
 * The answer to a registry's challenge (Docker token authentication): authenticate, intersect, sign. What is not
 * granted is left out of the token, and the registry says no to it.
 */
export async function issueRegistryToken(
  deps: RegistryTokenDeps,
  request: RegistryTokenRequest,
  context: RequestContext,
): Promise<Result<IssuedRegistryToken, Rejection<RegistryTokenReason>>> {
  return refuseWhenUnavailable(async () => {
    const registry = await deps.system.findRegistry(request.service);
    if (registry === undefined) return err(rejection("service_unknown"));
    const account = await authenticate(deps, request, registry);
    if (!account.ok) {
      deps.trail.add({ ...event(deps, request, context), kind: "registry_token.refused", ...account.error });
      return account;
    }
    const access = intersectAccess(request.scopes, registry.service, account.value.held);
    const now = Math.floor(deps.clock.now() / 1000);
    const expiresAt = Math.min(
      now + registry.tokenSeconds,
      account.value.expiresAt ?? Number.POSITIVE_INFINITY,
    );
    const token = await deps.signer.sign(
      registry,
      claims(deps, registry, account.value, access, now, expiresAt),
    );
    deps.trail.add({ ...event(deps, request, context), ...grantFields(account.value, access) });
    return ok({ token, expiresIn: expiresAt - now, actor: account.value.actor });
  });
}

async function authenticate(
  deps: RegistryTokenDeps,
  request: RegistryTokenRequest,
  registry: Registry,
): Promise<Result<Omit<Authenticated, "robot"> & { robot?: string }, Rejection<RegistryTokenReason>>> {
  if (request.login) return authenticateAccount(deps, request.login);
  return ok({ actor: "anonymous", held: [{ grants: anonymousGrants(registry), catalog: false }] });
}

function claims(
  deps: RegistryTokenDeps,
  registry: Registry,
  account: { readonly actor: string },
  access: readonly AccessEntry[],
  now: number,
  expiresAt: number,
): RegistryTokenClaims {
  return {
    iss: deps.publicUrl,
    sub: account.actor,
    aud: registry.service,
    exp: expiresAt,
    nbf: now - BACKDATE_SECONDS,
    iat: now - BACKDATE_SECONDS,
    jti: encodeBase64url(deps.random(16)),
    access,
  };
}

function event(deps: RegistryTokenDeps, request: RegistryTokenRequest, context: RequestContext): AuditEvent {
  return {
    kind: "registry_token.granted",
    at: deps.clock.now(),
    ...context,
    registry: request.service,
    // Only what has the form of a robot's name: people paste secrets into the wrong field.
    ...(request.login && isRobotName(request.login.username) ? { robot: request.login.username } : {}),
  };
}

function grantFields(account: { readonly credentialId?: string }, access: readonly AccessEntry[]) {
  return {
    scope: access.map((entry) => `${entry.type}:${entry.name}:${entry.actions.join(",")}`).join(" "),
    ...(account.credentialId === undefined ? {} : { credentialId: account.credentialId }),
  };
}
