import { describe, expect, it } from "vitest";
import type { SystemRecords } from "../../../src/usecases/store-records.ts";
import { anIssuer, aRegistry } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aSystemChange } from "./changes.ts";

const DISCOVERED = anIssuer({
  url: "https://private.example.com/realms/a%2Fb/",
  keys: {
    kind: "discovery",
    jwksHosts: ["keys.example.com"],
    privateNetwork: true,
    caPem: "-----BEGIN CERTIFICATE-----\n",
  },
});
const INLINE = anIssuer({
  url: "https://inline.example.com",
  keys: { kind: "inline", jwks: '{"keys":[]}', expiresAt: 1_800_000_000 },
});
const OPEN_REGISTRY = aRegistry({ service: "open.example.com:5000", anonymousPull: ["acme/**", "library"] });

/** The records with both lists in one order: theirs is the adapter's own. */
function sorted(records: SystemRecords): SystemRecords {
  return {
    revision: records.revision,
    issuers: records.issuers.toSorted((left, right) => (left.url < right.url ? -1 : 1)),
    registries: records.registries.toSorted((left, right) => (left.service < right.service ? -1 : 1)),
  };
}

export function systemCases(under: () => DirectoryUnderTest): void {
  describe("the system records", () => {
    it("come back with every field, through every instance", async () => {
      const { directory, second } = under();
      const issuers = [anIssuer(), DISCOVERED, INLINE];
      const registries = [aRegistry(), OPEN_REGISTRY];
      const change = aSystemChange({ putIssuers: issuers, putRegistries: registries });
      expect(await directory.commitSystem(change)).toBe("committed");
      const expected = sorted({ revision: 1, issuers, registries });
      expect(sorted(await directory.readSystem())).toStrictEqual(expected);
      expect(sorted(await second.readSystem())).toStrictEqual(expected);
    });

    it("are put and removed in one change", async () => {
      const { directory, second } = under();
      await directory.commitSystem(
        aSystemChange({ putIssuers: [anIssuer(), INLINE], putRegistries: [aRegistry(), OPEN_REGISTRY] }),
      );
      const disabled = anIssuer({ enabled: false, nonce: "another" });
      const pinned = aRegistry({ tokenForm: "pinned" });
      const change = aSystemChange({
        fromRevision: 1,
        putIssuers: [disabled, DISCOVERED],
        removeIssuers: [INLINE.url, "https://never.example.com"],
        putRegistries: [pinned],
        removeRegistries: [OPEN_REGISTRY.service],
      });
      expect(await second.commitSystem(change)).toBe("committed");
      const expected = sorted({ revision: 2, issuers: [disabled, DISCOVERED], registries: [pinned] });
      expect(sorted(await directory.readSystem())).toStrictEqual(expected);
    });

    it.each([0, 2])("are not changed from revision %i when they are at 1", async (fromRevision) => {
      const { directory } = under();
      await directory.commitSystem(aSystemChange({ putIssuers: [anIssuer()], putRegistries: [aRegistry()] }));
      const before = await directory.readSystem();
      const change = aSystemChange({
        fromRevision,
        putIssuers: [INLINE],
        removeIssuers: [anIssuer().url],
        removeRegistries: [aRegistry().service],
      });
      expect(await directory.commitSystem(change)).toBe("conflict");
      expect(await directory.readSystem()).toStrictEqual(before);
    });

    it("take one change of 20 made at once from one revision", async () => {
      const { directory, second } = under();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? directory : second).commitSystem(
            aSystemChange({ putIssuers: [anIssuer({ url: `https://issuer-${index}.example.com` })] }),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
      const { revision, issuers } = await directory.readSystem();
      const winner = `https://issuer-${outcomes.indexOf("committed")}.example.com`;
      expect({ revision, urls: issuers.map((issuer) => issuer.url) }).toStrictEqual({
        revision: 1,
        urls: [winner],
      });
    });
  });

  describe("the declaration state", () => {
    it("is the one that was written last", async () => {
      const { directory, second } = under();
      for (const series of ["file", "apply:default"]) {
        await directory.writeDeclarationState(series, { digest: "ab".repeat(32), revision: 1 });
        await second.writeDeclarationState(series, { digest: "cd".repeat(32), revision: 2 });
        const state = { digest: "cd".repeat(32), revision: 2 };
        expect(await directory.readDeclarationState(series)).toStrictEqual(state);
      }
    });

    it("is one of its own for each series", async () => {
      const { directory, second } = under();
      const series = ["file", "apply:default", "apply:other", "apply:default in acme"];
      for (const [revision, one] of series.entries()) {
        await directory.writeDeclarationState(one, { digest: "", revision });
      }
      const states = series.map((one) => second.readDeclarationState(one));
      expect(await Promise.all(states)).toStrictEqual(
        series.map((_, revision) => ({ digest: "", revision })),
      );
      expect(await second.readDeclarationState("apply:none")).toBeUndefined();
      expect(await second.listDeclarationStates()).toStrictEqual(
        new Map(series.map((one, revision) => [one, { digest: "", revision }])),
      );
    });
  });
}
