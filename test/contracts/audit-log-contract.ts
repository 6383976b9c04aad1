import { afterEach, beforeEach, describe } from "vitest";
import type { AuditLog, Clock, Directory, Ledger, NearMissStore } from "../../src/usecases/ports.ts";
import { purgeCases } from "./audit-log/purge-cases.ts";
import { queryCases } from "./audit-log/query-cases.ts";

export interface AuditLogUnderTest {
  readonly auditLog: AuditLog;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly nearMisses: NearMissStore;
  readonly clock: Clock;
  close(): Promise<void>;
}

/**
 * What every adapter of `AuditLog` must do.
 *
 * @param open Gives an empty store whose epochs are long born, at each call.
 */
export function auditLogContract(name: string, open: () => Promise<AuditLogUnderTest>): void {
  describe(`audit log contract: ${name}`, () => {
    let current: AuditLogUnderTest;
    beforeEach(async () => {
      current = await open();
    });
    afterEach(() => current.close());
    queryCases(() => current);
    purgeCases(() => current);
  });
}
