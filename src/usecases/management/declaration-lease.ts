import { type DeclarationReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, type Result } from "../../domain/result.ts";
import type { ManagementDeps } from "./change-context.ts";
import { drawFrom } from "./change-robot.ts";

const LEASE = "declaration";
/** Longer than any one write takes: the holder renews it before each. */
const LEASE_SECONDS = 20;
const LOOK_AGAIN_MS = 500;

/** Renews the lease; false: somebody else has it. */
export type Renew = () => Promise<boolean>;

/**
 * Runs `run` while nobody else applies a declaration; waits so long for those who do, and is a conflict then. The
 * lease orders the runs. What keeps a write from undoing another is the revision that it carries.
 *
 * @param patienceMs More than LEASE_SECONDS gets past a lease that was left behind by who ended in the middle.
 */
export async function withDeclarationLease<T, Refusal>(
  { directory, clock, random }: ManagementDeps,
  patienceMs: number,
  run: (renew: Renew) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal | Rejection<DeclarationReason>>> {
  const holder = drawFrom(random)();
  const renew = () => directory.acquireLease(LEASE, holder, LEASE_SECONDS);
  const patienceEnds = clock.now() + patienceMs;
  while (!(await renew())) {
    const now = clock.now();
    if (now >= patienceEnds) return err(rejection("conflict", "another process applies a declaration"));
    await clock.waitUntil(now + LOOK_AGAIN_MS);
  }
  try {
    return await run(renew);
  } finally {
    await directory.releaseLease(LEASE, holder);
  }
}
