import { err, type Result } from "../../domain/result.ts";
import type { Clock, Directory } from "../ports.ts";

const LEASE = "restore";
/** Short, since whoever repeats a restore that was broken off has to wait for its end. */
const LEASE_SECONDS = 10;
const LOOK_AGAIN_MS = 500;
const PATIENCE_MS = 2 * LEASE_SECONDS * 1000;

/** Renews the lease; false: somebody else has it. */
export type Renew = () => Promise<boolean>;

/** Runs `run` while nobody else restores: two backups at once would leave a store that is neither. */
export async function withRestoreLease<T>(
  deps: { readonly directory: Pick<Directory, "acquireLease" | "releaseLease">; readonly clock: Clock },
  holder: string,
  run: (renew: Renew) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  const renew = () => deps.directory.acquireLease(LEASE, holder, LEASE_SECONDS);
  const patienceEnds = deps.clock.now() + PATIENCE_MS;
  while (!(await renew())) {
    const now = deps.clock.now();
    if (now >= patienceEnds) return err("another process restores this store");
    await deps.clock.waitUntil(now + LOOK_AGAIN_MS);
  }
  try {
    return await run(renew);
  } finally {
    await deps.directory.releaseLease(LEASE, holder);
  }
}
