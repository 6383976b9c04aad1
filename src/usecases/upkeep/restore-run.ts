import type { Draw } from "../../domain/accounts/declaration.ts";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import type { AuditEvent, AuditKind } from "../../domain/audit-event.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { KeyMaker } from "../key-ports.ts";
import type { ApiTokens, Clock, Directory, Ledger } from "../ports.ts";
import type { CommitOutcome } from "../store-records.ts";
import type { Backup } from "./backup-format.ts";
import type { Renew } from "./restore-lease.ts";

export interface RestoreDeps {
  readonly directory: Directory;
  readonly ledger: Pick<Ledger, "startEpoch" | "record">;
  readonly apiTokens: ApiTokens;
  readonly maker: Pick<KeyMaker, "findFault">;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export interface RestoreOptions {
  /** Whether robot tokens and API tokens come back that are not alive in the store now. */
  readonly withTokens: boolean;
  /** Whether the records of a store that has some may be replaced, and another restore that was broken off. */
  readonly replace: boolean;
}

/** One restore under way. */
export interface RestoreRun {
  readonly deps: RestoreDeps;
  readonly backup: Backup;
  readonly withTokens: boolean;
  readonly requestId: string;
  readonly renew: Renew;
  readonly draw: Draw;
}

/** Tries against others who write the same records; each of them got through, so it ends. */
const MAX_ATTEMPTS = 5;
const AGAIN = "stop the servers, and run the same restore again: it is not finished";
export const KEPT_CHANGING = `the records kept changing; ${AGAIN}`;

/** Reads, plans and commits; once more when somebody else has written in between. */
export async function settle<T>(
  { renew }: RestoreRun,
  attempt: () => Promise<readonly [CommitOutcome, T]>,
): Promise<Result<T, string>> {
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    if (!(await renew())) return err(`another process took over; ${AGAIN}`);
    const [outcome, value] = await attempt();
    if (outcome === "committed") return ok(value);
  }
  return err(KEPT_CHANGING);
}

/** The record of one step. A restore is the host's operator's, who alone can reach the store. */
export function stepEvent(
  { deps, requestId }: RestoreRun,
  kind: AuditKind,
  about: Pick<AuditEvent, "detail" | "namespace">,
): AuditEvent {
  return { kind, at: deps.clock.now(), requestId, actor: "operator", ...about };
}
