import type { PlannedObject } from "../../domain/accounts/declaration.ts";
import { type AuditEvent, MAX_AUDIT_CHANGES, type RequestContext } from "../../domain/audit-event.ts";
import {
  type DeclarationReason,
  type ManagementReason,
  type Rejection,
  rejection,
} from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../ports.ts";
import { MAX_ATTEMPTS } from "./change-robot.ts";
import type { Renew } from "./declaration-lease.ts";
import type { Step } from "./declaration-steps.ts";

/** Who commits steps, and what may stop them. */
export interface StepRun<Refusal extends Rejection<ManagementReason>> extends RequestContext {
  readonly clock: Clock;
  /** For the record. */
  readonly actor: string;
  readonly renew: Renew;
  /** What stands against a step, planned just before its commit. */
  readonly judgeStep: (step: Step) => Refusal | undefined;
}

type Settled<Refusal> = Promise<Result<readonly PlannedObject[], Refusal | Rejection<DeclarationReason>>>;

export const TAKEN_OVER: Rejection<DeclarationReason> = rejection("conflict", "another process took over");

/** Plans and commits one step after the other; what is committed stays when a later one is refused. */
export async function settleSteps<Refusal extends Rejection<ManagementReason>>(
  run: StepRun<Refusal>,
  plans: readonly (() => Promise<Step>)[],
): Settled<Refusal> {
  const objects: PlannedObject[] = [];
  for (const plan of plans) {
    const settled = await settle(run, plan);
    if (!settled.ok) return settled;
    objects.push(...settled.value);
  }
  return ok(objects);
}

/** Plans and commits; plans anew when somebody else has written in between. */
async function settle<Refusal extends Rejection<ManagementReason>>(
  run: StepRun<Refusal>,
  plan: () => Promise<Step>,
): Settled<Refusal> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (!(await run.renew())) return err(TAKEN_OVER);
    const step = await plan();
    const refusal = run.judgeStep(step);
    if (refusal) return err(refusal);
    const changes = step.objects.filter(({ outcome }) => outcome !== "unchanged");
    if (changes.length === 0) {
      await step.confirm();
      return ok(step.objects);
    }
    const event = changeEvent(run, changes, step.namespace?.name);
    if ((await step.commit(event)) === "committed") return ok(step.objects);
  }
  return err(rejection("conflict", "the records kept changing"));
}

function changeEvent(
  { clock, requestId, clientAddress, actor }: Pick<StepRun<never>, "clock" | "actor" | keyof RequestContext>,
  objects: readonly PlannedObject[],
  namespace: string | undefined,
): AuditEvent {
  const named = objects.slice(0, MAX_AUDIT_CHANGES);
  const summary = named.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`);
  const rest = objects.length - named.length;
  const [only] = objects;
  return {
    kind: "directory.changed",
    at: clock.now(),
    requestId,
    ...(clientAddress === undefined ? {} : { clientAddress }),
    actor,
    ...(namespace === undefined ? {} : { namespace }),
    ...(objects.length === 1 && only?.kind === "robot" ? { robot: only.name } : {}),
    detail: [...summary, ...(rest > 0 ? [`${rest} more`] : [])].join(", "),
    changes: named.map(({ kind, name, before, after }) => ({
      object: `${kind} ${name}`,
      ...(before && { before }),
      ...(after && { after }),
    })),
  };
}
