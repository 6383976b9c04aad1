import {
  type Declaration,
  declarationDigest,
  type PlannedObject,
} from "../../domain/accounts/declaration.ts";
import {
  type DeclarationReason,
  type ManagementReason,
  type Rejection,
  rejection,
} from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { DeclarationState } from "../store-records.ts";
import type { ManagementDeps } from "./change-context.ts";
import { drawFrom } from "./change-robot.ts";
import { declarationSteps, type Step, type StepContext } from "./declaration-steps.ts";
import { previewDeclaration } from "./preview-declaration.ts";
import { type StepRun, settleSteps, TAKEN_OVER } from "./settle-steps.ts";

/** How a declaration is applied, by whom, and what may stop it. */
export interface DeclarationRun<Refusal extends Rejection<ManagementReason>>
  extends Omit<StepRun<Refusal>, "clock">,
    Omit<StepContext, "draw"> {
  /** Declarations of which one with a lower revision never follows one with a higher. */
  readonly series: string;
  /** Whether the series keeps its digest, for who would apply the same again at each start. */
  readonly keepsDigest: boolean;
  /** What stands against the whole, before anything is written. */
  readonly judgePlan: (steps: readonly Step[]) => Promise<Refusal | undefined>;
}

/** Stands for the digest while a run is under way: a run that ended half-way was no declaration's last word. */
const UNFINISHED = "";

/**
 * Makes the directory what the declaration says, as far as the owner owns it (DESIGN §9, "The file"): issuers and
 * registries first, each namespace in one commit, removals last. A run that ended half-way is finished by the next.
 * To be called under the lease.
 */
export async function runDeclaration<Refusal extends Rejection<ManagementReason>>(
  deps: ManagementDeps,
  declaration: Declaration,
  run: DeclarationRun<Refusal>,
): Promise<Result<readonly PlannedObject[], Refusal | Rejection<DeclarationReason>>> {
  const { directory, clock, random } = deps;
  const { revision } = declaration;
  const state = await directory.readDeclarationState(run.series);
  const stale = staleRevision(state, declaration);
  if (stale) return err(stale);
  const refusal = await run.judgePlan(await previewDeclaration(directory, declaration, run));
  if (refusal) return err(refusal);
  // Before the first change: a lower revision must not win over one that was broken off.
  if (run.keepsDigest || revision > (state?.revision ?? 0)) {
    await directory.writeDeclarationState(run.series, { digest: UNFINISHED, revision });
  }
  const now = () => Math.floor(clock.now() / 1000);
  const context = { ...run, draw: drawFrom(random) };
  const steps = await declarationSteps(directory, declaration, context, now);
  const objects = await settleSteps({ ...run, clock }, steps);
  if (!objects.ok || !run.keepsDigest) return objects;
  // Who came after a lease that ran out has written a state of its own by now.
  if (!(await run.renew())) return err(TAKEN_OVER);
  const digest = await declarationDigest(declaration);
  await directory.writeDeclarationState(run.series, { digest, revision });
  return ok(objects.value);
}

/** Why a declaration may not follow the one that was applied last; undefined: it may. */
export function staleRevision(
  state: DeclarationState | undefined,
  { revision }: Declaration,
): Rejection<DeclarationReason> | undefined {
  if (state === undefined || revision >= state.revision) return undefined;
  return rejection("stale_revision", `the store has revision ${state.revision}, the declaration ${revision}`);
}
