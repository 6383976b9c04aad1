import { applyOwner } from "../../domain/accounts/declaration.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { Refused } from "./change-robot.ts";
import type { DeclarationRequest } from "./plan-declaration.ts";

/** Issuers and registries that a declaration's rules and permissions may name without declaring them. */
export interface KnownSystem {
  readonly issuers: readonly TrustedIssuer[];
  /** Their service names. */
  readonly registries: readonly string[];
}

/** What the store has, but for what goes unless the declaration holds it. */
export function readKnownSystem(
  { directory }: { readonly directory: Pick<Directory, "readSystem"> },
  { client, prune }: Pick<DeclarationRequest, "client" | "prune">,
): Promise<Result<KnownSystem, Refused>> {
  return refuseWhenUnavailable<KnownSystem, Refused["reason"]>(async () => {
    const { issuers, registries } = await directory.readSystem();
    const stays = ({ managedBy }: { readonly managedBy: string }) =>
      !prune || managedBy !== applyOwner(client);
    return ok({
      issuers: issuers.filter(stays),
      registries: registries.filter(stays).map(({ service }) => service),
    });
  });
}
