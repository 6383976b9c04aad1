import { afterEach, beforeEach, describe } from "vitest";
import type { Clock, Ledger, NearMissStore } from "../../src/usecases/ports.ts";
import { auditCases } from "./ledger/audit-cases.ts";
import { credentialCases } from "./ledger/credential-cases.ts";
import { epochCases } from "./ledger/epoch-cases.ts";
import { listCases } from "./ledger/list-cases.ts";
import { nearMissCases } from "./ledger/near-miss-cases.ts";
import { retryCases } from "./ledger/retry-cases.ts";
import { reusableCases } from "./ledger/reusable-cases.ts";
import { singleUseCases } from "./ledger/single-use-cases.ts";
import { singleUseModel } from "./ledger/single-use-model.ts";

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  readonly nearMisses: NearMissStore;
  /** The caller's clock; it runs with the store's. */
  readonly clock: Clock;
  /** Sets the birth of every epoch that is there, directly in the store. */
  ageEpochs(unixSeconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A day: longer than any identity token of the cases is old. */
const EPOCH_AGE_SECONDS = 86_400;

/**
 * What every adapter of `Ledger` must do.
 *
 * @param open Gives a ledger that is empty and has not been opened, at each call.
 */
export function ledgerContract(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`ledger contract: ${name}`, () => {
    let current: LedgerUnderTest;
    const under = () => current;
    afterEach(() => current.close());

    describe("opened a day ago", () => {
      beforeEach(async () => {
        current = await open();
        await current.ledger.open();
        await current.ageEpochs(Math.floor(current.clock.now() / 1000) - EPOCH_AGE_SECONDS);
      });
      singleUseCases(under);
      singleUseModel(under);
      retryCases(under);
      reusableCases(under);
      credentialCases(under);
      listCases(under);
      auditCases(under);
      nearMissCases(under);
    });

    describe("not opened yet", () => {
      beforeEach(async () => {
        current = await open();
      });
      epochCases(under);
    });
  });
}
