import type { Registry } from "../access/registry.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import { auditViewOfIssuer, auditViewOfRegistry } from "./audit-view.ts";
import type { Declaration, DeclaredIssuer, PlanContext, PlannedObject } from "./declaration.ts";
import { planList } from "./list-plan.ts";

/** Issuers and registries as a store has them. */
export interface SystemState {
  readonly issuers: readonly TrustedIssuer[];
  readonly registries: readonly Registry[];
}

export interface SystemPlan {
  readonly putIssuers: readonly TrustedIssuer[];
  readonly removeIssuers: readonly string[];
  readonly putRegistries: readonly Registry[];
  readonly removeRegistries: readonly string[];
  readonly objects: readonly PlannedObject[];
}

/**
 * What makes `current` what `desired` says, as far as `context.owner` owns it. An issuer's nonce is new when it
 * is created and at any change of what it is trusted for: then all that was minted under it is dead.
 */
export function planSystem(
  current: SystemState,
  desired: Pick<Declaration, "issuers" | "registries">,
  context: PlanContext,
): SystemPlan {
  const { owner } = context;
  const issuers = planList({
    kind: "issuer",
    context,
    current: current.issuers,
    desired: desired.issuers,
    nameOf: (issuer) => issuer.url,
    next: (declared, old) => nextIssuer(declared, old, context),
    view: auditViewOfIssuer,
  });
  const registries = planList({
    kind: "registry",
    context,
    current: current.registries,
    desired: desired.registries,
    nameOf: (registry) => registry.service,
    next: (declared): Registry => ({ ...declared, managedBy: owner }),
    view: auditViewOfRegistry,
  });
  return {
    putIssuers: issuers.put,
    removeIssuers: issuers.remove.map((issuer) => issuer.url),
    putRegistries: registries.put,
    removeRegistries: registries.remove.map((registry) => registry.service),
    objects: [...issuers.objects, ...registries.objects],
  };
}

/** The record of an issuer that is to be what `declared` says, made from the one that was there. */
export function nextIssuer(
  declared: DeclaredIssuer,
  old: TrustedIssuer | undefined,
  { owner, draw }: Omit<PlanContext, "adopts">,
): TrustedIssuer {
  const keepsNonce = old !== undefined && trustOf(old) === trustOf(declared);
  return { ...declared, nonce: keepsNonce ? old.nonce : draw(), managedBy: owner };
}

/** All that an issuer is trusted for, as a text; its lists are sets, so their order says nothing. */
function trustOf(issuer: DeclaredIssuer): string {
  const { keys } = issuer;
  return canonicalJson({
    enabled: issuer.enabled,
    profile: issuer.profile,
    algorithms: issuer.algorithms.toSorted(),
    audiences: issuer.audiences.toSorted(),
    maxLifetimeSeconds: issuer.maxLifetimeSeconds,
    replay: issuer.replay,
    keys: keys.kind === "discovery" ? { ...keys, jwksHosts: keys.jwksHosts.toSorted() } : keys,
  });
}
