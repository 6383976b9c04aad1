import { isRobotName } from "../../domain/access/names.ts";
import { parseSecret } from "../../domain/accounts/secret.ts";
import type { RequestContext } from "../../domain/audit-event.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { Signer } from "../key-ports.ts";
import type { System } from "../ports.ts";
import type { Login } from "./authenticate-account.ts";
import {
  type GrantDeps,
  grantRegistryToken,
  type Holder,
  type IssuedRegistryToken,
  type RegistryTokenRequest,
} from "./grant-registry-token.ts";
import type { VerifiedRobotTokens } from "./verified-robot-tokens.ts";

/** What is at hand while the store is down, each no older than the setting allows (decision 19). */
export interface StalePulls {
  readonly tokens: VerifiedRobotTokens;
  /** Registries as they were read last; UnavailableError where that is too long ago. */
  readonly system: Pick<System, "findRegistry">;
  /** Signs with keys as they were read last; UnavailableError where that is too long ago. */
  readonly signer: Signer;
}

/**
 * A registry token for pulls, by what this process knew before the store went down; undefined where it knew nothing:
 * whether the password is wrong cannot be told then. Never for a credential: those are short, and a revocation of one
 * must not wait. Never longer than the time for which the verification is good, so that time is the whole bound.
 */
export async function issueStalePull(
  deps: Omit<GrantDeps, "signer">,
  { tokens, system, signer }: StalePulls,
  request: RegistryTokenRequest,
  context: RequestContext,
): Promise<IssuedRegistryToken | undefined> {
  const holder = request.login && (await findHolder(tokens, request.login));
  if (holder === undefined) return undefined;
  const registry = await system.findRegistry(request.service);
  if (registry === undefined) return undefined;
  return grantRegistryToken({ ...deps, signer }, request, context, registry, holder);
}

async function findHolder(
  tokens: VerifiedRobotTokens,
  { username, password }: Login,
): Promise<Holder | undefined> {
  const secret = parseSecret(password);
  if (secret?.class !== "robot-token" || !isRobotName(username)) return undefined;
  const known = tokens.find(username, await sha256Hex(secret.expose()));
  return (
    known && {
      actor: `${username}#token-${known.number}`,
      held: [known.access],
      expiresAt: known.until,
      verifiedAt: known.verifiedAt,
    }
  );
}
