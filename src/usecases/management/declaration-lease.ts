import { type DeclarationReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, type Result } from "../../domain/result.ts";
import type { Clock, Directory } from "../ports.ts";

const LEASE = "declaration";
/** Longer than any one write takes: the holder renews it before each. */
const LEASE_SECONDS = 30;
const LOOK_AGAIN_MS = 500;
/** Past a lease that somebody left behind who ended in the middle of a run. */
const PATIENCE_MS = 2 * LEASE_SECONDS * 1000;

/** Renews the lease; false: somebody else has it. */
export type Renew = () => Promise<boolean>;

/**
 * Runs `run` while nobody else applies a declaration; waits a minute for those who do, and is a conflict then.
 * The lease orders the runs. What keeps a write from undoing another is the revision that it carries.
 */
export async function withDeclarationLease<T>(
  deps: { readonly directory: Directory; readonly clock: Clock },
  holder: string,
  run: (renew: Renew) => Promise<Result<T, Rejection<DeclarationReason>>>,
): Promise<Result<T, Rejection<DeclarationReason>>> {
  const renew = () => deps.directory.acquireLease(LEASE, holder, LEASE_SECONDS);
  const patienceEnds = deps.clock.now() + PATIENCE_MS;
  while (!(await renew())) {
    const now = deps.clock.now();
    if (now >= patienceEnds) return err(rejection("conflict", "another process applies a declaration"));
    await deps.clock.waitUntil(now + LOOK_AGAIN_MS);
  }
  try {
    return await run(renew);
  } finally {
    await deps.directory.releaseLease(LEASE, holder);
  }
}
