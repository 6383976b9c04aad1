import {
  type Declaration,
  declarationDigest,
  type PlanContext,
  type PlannedObject,
} from "../../domain/accounts/declaration.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { type DeclarationReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock, Directory } from "../ports.ts";
import type { DeclarationState } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";
import { type Renew, withDeclarationLease } from "./declaration-lease.ts";
import { declarationSteps, type Step } from "./declaration-steps.ts";
import { previewDeclaration } from "./preview-declaration.ts";

interface ApplyDeps {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** What was done; `alreadyApplied`: this very declaration was the last to be applied, so nothing was looked at. */
export interface AppliedDeclaration {
  readonly digest: string;
  readonly alreadyApplied: boolean;
  readonly objects: readonly PlannedObject[];
}

type Applied<T> = Promise<Result<T, Rejection<DeclarationReason>>>;

/** Stands for the digest while a run is under way: a run that ended half-way was no declaration's last word. */
const UNFINISHED = "";
/** Tries against others who write the same records; each of them got through, so it ends. */
const MAX_ATTEMPTS = 5;
const MAX_NAMED_OBJECTS = 50;
const TAKEN_OVER: Rejection<DeclarationReason> = rejection("conflict", "another process took over");

/**
 * Makes the directory what the declaration says, as far as `owner` owns it (DESIGN §9, "The file"). Issuers and
 * registries first, each namespace in one commit, removals last; a run that ended half-way is done again by the
 * next. Refused before anything is written: a revision below the store's, and an object that another owner has.
 */
export function applyDeclaration(
  deps: ApplyDeps,
  declaration: Declaration,
  { owner, requestId }: { readonly owner: string; readonly requestId: string },
): Applied<AppliedDeclaration> {
  return refuseWhenUnavailable(async () => {
    const digest = await declarationDigest(declaration);
    const standing = standsAlready(await deps.directory.readDeclarationState(), declaration, digest);
    if (standing) return standing;
    const draw = () => encodeBase64url(deps.random(16));
    return withDeclarationLease(deps, draw(), async (renew) => {
      // Once more: whoever had the lease may have applied this very declaration, or a later one.
      const state = await deps.directory.readDeclarationState();
      const done = standsAlready(state, declaration, digest);
      return done ?? applyNew({ deps, requestId, renew }, declaration, digest, { owner, draw });
    });
  });
}

async function applyNew(
  run: Run,
  declaration: Declaration,
  digest: string,
  context: PlanContext,
): Applied<AppliedDeclaration> {
  const { directory } = run.deps;
  const { revision } = declaration;
  const conflict = conflictIn(await previewDeclaration(directory, declaration, context.owner));
  if (conflict) return conflict;
  await directory.writeDeclarationState({ digest: UNFINISHED, revision });
  const objects = await runAll(run, declaration, context);
  if (!objects.ok) return objects;
  // Who came after a lease that ran out has written a state of its own by now.
  if (!(await run.renew())) return err(TAKEN_OVER);
  await directory.writeDeclarationState({ digest, revision });
  return ok({ digest, alreadyApplied: false, objects: objects.value });
}

function standsAlready(
  state: DeclarationState | undefined,
  { revision }: Declaration,
  digest: string,
): Result<AppliedDeclaration, Rejection<DeclarationReason>> | undefined {
  if (state?.digest === digest) return ok({ digest, alreadyApplied: true, objects: [] });
  if (state === undefined || revision >= state.revision) return undefined;
  return err(
    rejection("stale_revision", `the store has revision ${state.revision}, the declaration ${revision}`),
  );
}

function conflictIn(
  objects: readonly PlannedObject[],
): { readonly ok: false; readonly error: Rejection<DeclarationReason> } | undefined {
  const found = objects.find((object) => object.outcome === "conflict");
  if (found === undefined) return undefined;
  return err(rejection("conflict", `${found.kind} ${found.name} is managed by ${found.managedBy}`));
}

interface Run {
  readonly deps: ApplyDeps;
  readonly requestId: string;
  readonly renew: Renew;
}

async function runAll(
  run: Run,
  declaration: Declaration,
  context: PlanContext,
): Applied<readonly PlannedObject[]> {
  const { directory, clock } = run.deps;
  const now = () => Math.floor(clock.now() / 1000);
  const objects: PlannedObject[] = [];
  for (const plan of await declarationSteps(directory, declaration, context, now)) {
    const settled = await settle(run, plan);
    if (!settled.ok) return settled;
    objects.push(...settled.value);
  }
  return ok(objects);
}

/** Plans and commits; plans anew when somebody else has written in between. */
async function settle(run: Run, plan: () => Promise<Step>): Applied<readonly PlannedObject[]> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (!(await run.renew())) return err(TAKEN_OVER);
    const { objects, commit } = await plan();
    const conflict = conflictIn(objects);
    if (conflict) return conflict;
    const changes = objects.filter(({ outcome }) => outcome !== "unchanged");
    if (changes.length === 0) return ok(objects);
    if ((await commit(changeEvent(run, changes))) === "committed") return ok(objects);
  }
  return err(rejection("conflict", "the records kept changing"));
}

function changeEvent({ deps, requestId }: Run, changes: readonly PlannedObject[]): AuditEvent {
  const named = changes
    .slice(0, MAX_NAMED_OBJECTS)
    .map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`);
  const rest = changes.length - named.length;
  const detail = [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  return { kind: "directory.changed", at: deps.clock.now(), requestId, detail };
}
