import type { Caller } from "../../domain/accounts/caller.ts";
import type { PlannedObject } from "../../domain/accounts/declaration.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { unauthorized, unreadable } from "./authorize-step.ts";
import type { ChangeContext } from "./change-context.ts";
import { withDeclarationLease } from "./declaration-lease.ts";
import type { Step } from "./declaration-steps.ts";
import { makeFirstKey, type RegistryDeps } from "./manage-registries.ts";
import { meetsCondition } from "./object-version.ts";
import { type DeclarationRequest, planDigest, reachOf } from "./plan-declaration.ts";
import { conflicts, obstacles } from "./plan-obstacles.ts";
import { type DeclarationRefusal, refusalOfObjects } from "./refused-object.ts";
import { runDeclaration } from "./run-declaration.ts";

type Applied = Result<readonly PlannedObject[], DeclarationRefusal>;

/** Past the lease of a server that was killed in the middle, and within what a client waits. */
const PATIENCE_MS = 25_000;

/**
 * Applies a declaration as somebody who may do each part of it; the same again does nothing. Refused before anything
 * is written, with all objects that stand against it: what the caller may not do, and what another owner has. With
 * the digest of a plan as the context's `ifMatch` it does what that plan said, or nothing.
 */
export async function applyForCaller(
  deps: RegistryDeps,
  request: DeclarationRequest,
  context: ChangeContext,
): Promise<Applied> {
  const { caller } = context;
  const refusal = refusalOfObjects(unreadable(caller, request.declaration));
  if (refusal !== undefined) return err(refusal);
  // A result within a result: what more than a reason a refusal carries is kept.
  const answered = await refuseWhenUnavailable<Applied, never>(async () =>
    ok(await applyUnderLease(deps, request, context)),
  );
  return answered.ok ? answered.value : answered;
}

async function applyUnderLease(
  deps: RegistryDeps,
  request: DeclarationRequest,
  context: ChangeContext,
): Promise<Applied> {
  const { caller, requestId, clientAddress } = context;
  const reach = reachOf(request, caller);
  const applied = await withDeclarationLease<readonly PlannedObject[], DeclarationRefusal>(
    deps,
    PATIENCE_MS,
    (renew) =>
      runDeclaration<DeclarationRefusal>(deps, request.declaration, {
        ...reach,
        requestId,
        ...(clientAddress === undefined ? {} : { clientAddress }),
        actor: caller.actor,
        series: seriesOf(reach.owner, caller),
        keepsDigest: false,
        renew,
        judgePlan: (steps) => judgePlan(deps, request, context, steps),
        // Once more: between plan and commit somebody may have disabled what this would enable.
        judgeStep: (step) => refusalOfObjects([...unauthorized(caller, step), ...conflicts(step)]),
      }),
  );
  if (applied.ok) await makePinnedKeys(deps, request, requestId);
  return applied;
}

async function judgePlan(
  { directory }: Pick<RegistryDeps, "directory">,
  request: DeclarationRequest,
  context: ChangeContext,
  steps: readonly Step[],
): Promise<DeclarationRefusal | undefined> {
  const { caller } = context;
  const refused = refusalOfObjects(steps.flatMap((step) => unauthorized(caller, step)));
  if (refused !== undefined) return refused;
  if (!meetsCondition(context, await planDigest(request, steps))) {
    return rejection("precondition_failed", "it would do something else than the plan said; plan again");
  }
  return refusalOfObjects(await obstacles(directory, steps, caller));
}

/**
 * Revisions are compared among callers of one kind and reach: one tenant's high number must not lock out another that
 * calls itself the same, nor a job's its administrators.
 */
function seriesOf(owner: string, { namespaces, exchanged }: Caller): string {
  const by = exchanged ? `${owner} by jobs` : owner;
  return namespaces === "all" ? by : `${by} in ${namespaces.toSorted().join(", ")}`;
}

/** So that the registry can be configured before the first push. */
async function makePinnedKeys(
  deps: RegistryDeps,
  { declaration }: DeclarationRequest,
  requestId: string,
): Promise<void> {
  for (const { service, tokenForm } of declaration.registries) {
    if (tokenForm === "pinned") await makeFirstKey(deps, service, requestId);
  }
}
