import { describe, expect, it } from "vitest";
import type { DirectoryUnderTest } from "../directory-contract.ts";

export function leaseCases(under: () => DirectoryUnderTest): void {
  describe("a lease", () => {
    it("has one holder, who may renew it", async () => {
      const { directory, second } = under();
      expect(await directory.acquireLease("apply", "a", 60)).toBe(true);
      expect(await second.acquireLease("apply", "b", 60)).toBe(false);
      expect(await second.acquireLease("apply", "a", 60)).toBe(true);
      expect(await second.acquireLease("collect", "b", 60)).toBe(true);
    });

    it("is given to one of 20 that ask at once", async () => {
      const { directory, second } = under();
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? directory : second).acquireLease("apply", `holder-${index}`, 60),
        ),
      );
      expect(taken.filter((held) => held)).toHaveLength(1);
    });

    it("is released by its holder alone", async () => {
      const { directory, second } = under();
      await directory.acquireLease("apply", "a", 60);
      await second.releaseLease("apply", "b");
      expect(await second.acquireLease("apply", "b", 60)).toBe(false);
      await second.releaseLease("apply", "a");
      expect(await second.acquireLease("apply", "b", 60)).toBe(true);
      expect(await directory.acquireLease("apply", "a", 60)).toBe(false);
    });

    it("ends by the store's clock; renewing gives it its whole time again", async () => {
      const { directory, second } = under();
      await directory.acquireLease("apply", "a", 1);
      const renewedAt = performance.now();
      expect(await directory.acquireLease("apply", "a", 2)).toBe(true);
      const take = () => second.acquireLease("apply", "b", 60);
      expect(await take()).toBe(false);
      await expect.poll(take, { timeout: 10_000, interval: 25 }).toBe(true);
      // A millisecond less: the store's clock and this one round on their own.
      expect(performance.now() - renewedAt).toBeGreaterThanOrEqual(1999);
      expect(await directory.acquireLease("apply", "a", 1)).toBe(false);
    });
  });
}
