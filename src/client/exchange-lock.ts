import type { LockLimits } from "./auth-file/file-lock.ts";

/** Longer than finding an identity and an exchange with all its tries. */
export const EXCHANGE_LOCK: LockLimits = { waitMs: 150_000, staleMs: 180_000 };
