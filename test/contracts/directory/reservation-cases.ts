import { describe, expect, it } from "vitest";
import { anEvent } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aNamespaceChange, aRemoval, byName } from "./changes.ts";

const EVENT = anEvent(1_700_000_000_000, { kind: "namespace.released", namespace: "acme" });

export function reservationCases(under: () => DirectoryUnderTest): void {
  const reserved = async () =>
    [...(await under().second.listReservations())].sort(byName).map(({ name }) => name);
  const revision = async () => (await under().second.readNamespace("acme"))?.revision;

  describe("the name of a removed namespace", () => {
    it("is reserved from the time of its removal on", async () => {
      const { directory, second } = under();
      for (const name of ["acme", "beta", "gamma"])
        await directory.commitNamespace(aNamespaceChange({ name, putRobots: [] }));
      expect(await second.listReservations()).toStrictEqual([]);
      const before = Math.floor(Date.now() / 1000);
      await directory.commitNamespace(aRemoval(1));
      await directory.commitNamespace(aRemoval(1, "gamma"));
      const reservations = [...(await second.listReservations())].sort(byName);
      expect(reservations).toStrictEqual(
        ["acme", "gamma"].map((name) => ({ name, since: expect.any(Number) })),
      );
      for (const { since } of reservations) {
        expect(since).toBeGreaterThanOrEqual(before);
        expect(since).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
      }
    });

    it("is free once it is released, which says so once", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      await directory.commitNamespace(aNamespaceChange({ name: "beta" }));
      await directory.commitNamespace(aRemoval(1, "beta"));
      expect(await second.releaseName("acme", EVENT)).toBe(true);
      expect(await directory.releaseName("acme", EVENT)).toBe(false);
      expect(await reserved()).toStrictEqual(["beta"]);
    });

    it("is released by one of 20 that ask at once", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      const released = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 ? directory : second).releaseName("acme", EVENT)),
      );
      expect(released.filter((wrote) => wrote)).toHaveLength(1);
    });

    it("is not to be released when it is no removed namespace's", async () => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      expect(await directory.releaseName("acme", EVENT)).toBe(false);
      expect(await directory.releaseName("never", EVENT)).toBe(false);
      expect(await directory.releaseName("", EVENT)).toBe(false);
      expect(await revision()).toBe(1);
      expect(await reserved()).toStrictEqual([]);
    });

    it("is no name of a conflict's", async () => {
      const { directory } = under();
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: 1 }))).toBe("conflict");
      expect(await directory.commitNamespace(aRemoval(1))).toBe("conflict");
      expect(await reserved()).toStrictEqual([]);
    });

    it.each([
      ["reserved", false],
      ["released", true],
    ])("is taken by whoever makes it anew while it is %s, and reserved again after", async (_, release) => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      if (release) await directory.releaseName("acme", EVENT);
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: 2 }))).toBe("conflict");
      expect(await directory.commitNamespace(aNamespaceChange())).toBe("committed");
      expect([await revision(), await reserved()]).toStrictEqual([3, []]);
      await directory.commitNamespace(aRemoval(3));
      expect(await reserved()).toStrictEqual(["acme"]);
    });
  });
}
