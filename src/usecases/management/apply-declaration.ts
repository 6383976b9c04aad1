import {
  type Declaration,
  declarationDigest,
  type PlannedObject,
} from "../../domain/accounts/declaration.ts";
import { type DeclarationReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { DeclarationState } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import type { ManagementDeps } from "./change-context.ts";
import { withDeclarationLease } from "./declaration-lease.ts";
import type { Step } from "./declaration-steps.ts";
import { runDeclaration, staleRevision } from "./run-declaration.ts";

/** What was done; `alreadyApplied`: this very declaration was the last to be applied, so nothing was looked at. */
export interface AppliedDeclaration {
  readonly digest: string;
  readonly alreadyApplied: boolean;
  readonly objects: readonly PlannedObject[];
}

type Refusal = Rejection<DeclarationReason>;

/** Past a lease that somebody left behind who ended in the middle of a run. */
const PATIENCE_MS = 60_000;

/**
 * Applies a server's own declaration file, as its operator, unless it was the last to be applied. Refused before
 * anything is written: a revision below the store's, and an object that another owner has.
 */
export function applyDeclaration(
  deps: ManagementDeps,
  declaration: Declaration,
  { owner, requestId }: { readonly owner: string; readonly requestId: string },
): Promise<Result<AppliedDeclaration, Refusal>> {
  return refuseWhenUnavailable(async () => {
    const digest = await declarationDigest(declaration);
    const read = () => deps.directory.readDeclarationState(owner);
    const stands = (state: DeclarationState | undefined) =>
      state?.digest === digest ? ok({ digest, alreadyApplied: true, objects: [] }) : undefined;
    const state = await read();
    const stale = staleRevision(state, declaration);
    if (stale) return err(stale);
    const standing = stands(state);
    if (standing) return standing;
    return withDeclarationLease<AppliedDeclaration, Refusal>(deps, PATIENCE_MS, async (renew) => {
      // Once more: whoever had the lease may have applied this very declaration, or a later one.
      const done = stands(await read());
      if (done) return done;
      const objects = await runDeclaration<Refusal>(deps, declaration, {
        owner,
        actor: owner,
        requestId,
        series: owner,
        keepsDigest: true,
        prune: true,
        reaches: () => true,
        renew,
        judgePlan: async (steps) => steps.map(conflictIn).find((found) => found !== undefined),
        judgeStep: conflictIn,
      });
      return objects.ok ? ok({ digest, alreadyApplied: false, objects: objects.value }) : objects;
    });
  });
}

function conflictIn({ objects }: Step): Refusal | undefined {
  const found = objects.find(({ outcome }) => outcome === "conflict");
  if (found === undefined) return undefined;
  return rejection("conflict", `${found.kind} ${found.name} is managed by ${found.managedBy}`);
}
