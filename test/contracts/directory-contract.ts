import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Directory } from "../../src/usecases/ports.ts";
import { accountCases } from "./directory/account-cases.ts";
import { keyCases } from "./directory/key-cases.ts";
import { leaseCases } from "./directory/lease-cases.ts";
import { namespaceCases } from "./directory/namespace-cases.ts";
import { pinCases } from "./directory/pin-cases.ts";
import { reservationCases } from "./directory/reservation-cases.ts";
import { restoreCases } from "./directory/restore-cases.ts";
import { robotCases } from "./directory/robot-cases.ts";
import { systemCases } from "./directory/system-cases.ts";

export interface DirectoryUnderTest {
  readonly directory: Directory;
  /** Another instance on the same store, as another process has it: it shares no cache with the first. */
  readonly second: Directory;
  close(): Promise<void>;
}

/**
 * What every adapter of `Directory` must do.
 *
 * @param open Gives a directory that is empty, at each call.
 */
export function directoryContract(name: string, open: () => Promise<DirectoryUnderTest>): void {
  describe(`directory contract: ${name}`, () => {
    let current: DirectoryUnderTest;
    const under = () => current;
    beforeEach(async () => {
      current = await open();
    });
    afterEach(() => current.close());

    it("is empty at first", async () => {
      const { directory } = under();
      expect(await directory.readSystem()).toStrictEqual({ revision: 0, issuers: [], registries: [] });
      expect(await directory.listNamespaces()).toStrictEqual([]);
      expect(await directory.readNamespace("acme")).toBeUndefined();
      expect(await directory.readRobot("acme+builder")).toBeUndefined();
      expect(await directory.listRobots("acme", "", 10)).toStrictEqual([]);
      expect(await directory.listReservations()).toStrictEqual([]);
      expect(await directory.findAccount("acme+builder")).toBeUndefined();
      expect(await directory.readKeys()).toStrictEqual([]);
      expect(await directory.readDeclarationState("file")).toBeUndefined();
      expect(await directory.listDeclarationStates()).toStrictEqual(new Map());
      await expect(directory.ping()).resolves.toBeUndefined();
    });

    namespaceCases(under);
    robotCases(under);
    reservationCases(under);
    accountCases(under);
    pinCases(under);
    systemCases(under);
    keyCases(under);
    leaseCases(under);
    restoreCases(under);
  });
}
