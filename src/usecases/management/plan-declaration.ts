import type { Caller } from "../../domain/accounts/caller.ts";
import {
  applyOwner,
  type Declaration,
  declarationDigest,
  type PlannedObject,
} from "../../domain/accounts/declaration.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { mayRead, unreadable } from "./authorize-step.ts";
import type { Step, StepContext } from "./declaration-steps.ts";
import { obstacles } from "./plan-obstacles.ts";
import { previewDeclaration } from "./preview-declaration.ts";
import { type DeclarationRefusal, type RefusedObject, refusalOfObjects } from "./refused-object.ts";

/** A declaration that somebody plans or applies. */
export interface DeclarationRequest {
  readonly declaration: Declaration;
  /** What they call themselves: what it brings is managed by `apply:<client>`. */
  readonly client: string;
  /** Whether namespaces, issuers and registries of that owner that are declared no more go. */
  readonly prune: boolean;
  /** Whether what is declared and was made over the API's other ways becomes that owner's; absent: it does not. */
  readonly adopt?: boolean;
}

/** What applying would do. */
export interface DeclarationPlan {
  readonly objects: readonly PlannedObject[];
  /** What stands against it besides what its author may or may not do: with any, nothing at all is applied. */
  readonly refused: readonly RefusedObject[];
  /** Tells this plan from any other: shown again when it is applied, that does this and nothing else. */
  readonly digest: string;
}

/** Plans a declaration for somebody who may read what it is about; writes nothing. */
export async function planDeclaration(
  { directory }: { readonly directory: Directory },
  request: DeclarationRequest,
  caller: Caller,
): Promise<Result<DeclarationPlan, DeclarationRefusal>> {
  const refusal = refusalOfObjects(unreadable(caller, request.declaration));
  if (refusal !== undefined) return err(refusal);
  return refuseWhenUnavailable<DeclarationPlan, never>(async () => {
    const steps = await previewDeclaration(directory, request.declaration, reachOf(request, caller));
    return ok({
      objects: steps.flatMap(({ objects }) => objects),
      refused: await obstacles(directory, steps, caller),
      digest: await planDigest(request, steps),
    });
  });
}

/** As whom and how far: what a caller may not read is not looked into for what is to go. */
export function reachOf(
  { client, prune, adopt = false }: DeclarationRequest,
  caller: Caller,
): Omit<StepContext, "draw"> {
  return {
    owner: applyOwner(client),
    adopts: adopt,
    prune,
    reaches: (namespace) => mayRead(caller, namespace),
  };
}

/**
 * SHA-256 of a plan: of what is wanted, and of what becomes of each object that it touches. Another one is found once
 * somebody has written to one of these in a way that changes what would be done.
 */
export async function planDigest(
  { declaration, client, prune, adopt = false }: DeclarationRequest,
  steps: readonly Step[],
): Promise<string> {
  const touched = steps.flatMap(({ objects }) => objects.filter(({ outcome }) => outcome !== "unchanged"));
  const wanted = await declarationDigest(declaration);
  return sha256Hex(canonicalJson({ wanted, client, prune, adopt, touched }));
}
