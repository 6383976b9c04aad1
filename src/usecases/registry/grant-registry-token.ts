import type { DockerScope } from "../../domain/access/docker-scope.ts";
import { type Access, type AccessEntry, intersectAccess } from "../../domain/access/granted-access.ts";
import { isRobotName } from "../../domain/access/names.ts";
import type { Registry } from "../../domain/access/registry.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { AuditEvent, RequestContext } from "../../domain/audit-event.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import type { RegistryTokenClaims, Signer } from "../key-ports.ts";
import type { AuditTrail, Clock } from "../ports.ts";
import type { Login } from "./authenticate-account.ts";

/** How far `iat` and `nbf` are dated back in seconds: zot allows no tolerance at all. */
const BACKDATE_SECONDS = 30;

export interface GrantDeps {
  readonly signer: Signer;
  readonly trail: AuditTrail;
  readonly clock: Clock;
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

/** Who gets a registry token. */
export interface Holder {
  /** Its `sub`. */
  readonly actor: string;
  readonly held: readonly Access[];
  /** Unix seconds; absent: no end. */
  readonly expiresAt?: number;
  readonly credentialId?: string;
  /** Unix seconds: when the store bore it out, where that is not now (decision 19). */
  readonly verifiedAt?: number;
}

export interface IssuedRegistryToken {
  readonly token: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  /** Its `sub`: who the registry will write into its events. */
  readonly actor: string;
  /** The store was down, and this is a pull by what was known before (decision 19). */
  readonly stale?: true;
}

/** Signs what was asked and what `holder` may do, and leaves the event. Nothing is refused any more. */
export async function grantRegistryToken(
  deps: GrantDeps,
  request: RegistryTokenRequest,
  context: RequestContext,
  registry: Registry,
  holder: Holder,
): Promise<IssuedRegistryToken> {
  const access = intersectAccess(request.scopes, registry.service, holder.held);
  const now = Math.floor(deps.clock.now() / 1000);
  const expiresAt = Math.min(now + registry.tokenSeconds, holder.expiresAt ?? Number.POSITIVE_INFINITY);
  const token = await deps.signer.sign(registry, {
    ...claims(deps, registry, now),
    sub: holder.actor,
    exp: expiresAt,
    access,
  });
  deps.trail.add({ ...requestEvent(deps, request, context), ...grantFields(holder, access, now) });
  return {
    token,
    expiresIn: expiresAt - now,
    actor: holder.actor,
    ...(holder.verifiedAt === undefined ? {} : { stale: true }),
  };
}

function claims(
  deps: GrantDeps,
  registry: Registry,
  now: number,
): Omit<RegistryTokenClaims, "sub" | "exp" | "access"> {
  return {
    iss: deps.publicUrl,
    aud: registry.service,
    nbf: now - BACKDATE_SECONDS,
    iat: now - BACKDATE_SECONDS,
    jti: encodeBase64url(deps.random(16)),
  };
}

/** The event of a request, as it is when the request is granted. */
export function requestEvent(
  { clock }: Pick<GrantDeps, "clock">,
  { service, login }: RegistryTokenRequest,
  context: RequestContext,
): AuditEvent {
  return {
    kind: "registry_token.granted",
    at: clock.now(),
    ...context,
    registry: service,
    // Only what has the form of a robot's name: people paste secrets into the wrong field.
    ...(login && isRobotName(login.username) ? { robot: login.username } : {}),
  };
}

function grantFields({ credentialId, verifiedAt }: Holder, access: readonly AccessEntry[], now: number) {
  return {
    scope: access.map((entry) => `${entry.type}:${entry.name}:${entry.actions.join(",")}`).join(" "),
    ...(credentialId === undefined ? {} : { credentialId }),
    ...(verifiedAt === undefined
      ? {}
      : { reason: "store_unavailable", detail: `stale: verified ${now - verifiedAt} s before` }),
  };
}
