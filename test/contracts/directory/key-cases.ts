import { describe, expect, it } from "vitest";
import type { StoredKey } from "../../../src/domain/keys/stored-key.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { byName } from "./changes.ts";

function aKey(change: Partial<StoredKey> = {}): StoredKey {
  return {
    name: "ca",
    use: "ca",
    status: "active",
    createdAt: 1_700_000_000,
    publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y", kid: "kid-1" },
    encryptedPrivateKey: { keyId: "main", iv: "aXY", ciphertext: "Y2lwaGVydGV4dA" },
    ...change,
  };
}

const FULL_KEY = aKey({
  name: "pinned/registry.example.com",
  use: "pinned",
  status: "published",
  registry: "registry.example.com",
  certificatePem: "-----BEGIN CERTIFICATE-----\n",
  notAfter: 1_800_000_000,
});

export function keyCases(under: () => DirectoryUnderTest): void {
  describe("the keys", () => {
    it("come back with every field, through every instance", async () => {
      const { directory, second } = under();
      expect(await directory.addKey(aKey())).toBe(true);
      expect(await directory.addKey(FULL_KEY)).toBe(true);
      expect((await second.readKeys()).toSorted(byName)).toStrictEqual([aKey(), FULL_KEY]);
    });

    it("take the first of a name, and leave it as it is", async () => {
      const { directory, second } = under();
      const keys = Array.from({ length: 20 }, (_, index) => aKey({ createdAt: index }));
      const added = await Promise.all(keys.map((key, index) => (index % 2 ? directory : second).addKey(key)));
      expect(added.filter((wrote) => wrote)).toHaveLength(1);
      expect(await directory.readKeys()).toStrictEqual([keys[added.indexOf(true)]]);
      expect(await directory.addKey(aKey({ status: "retired" }))).toBe(false);
      expect(await second.readKeys()).toStrictEqual([keys[added.indexOf(true)]]);
    });

    it("are replaced and removed by name", async () => {
      const { directory, second } = under();
      await directory.addKey(aKey());
      await directory.addKey(FULL_KEY);
      await second.replaceKey(aKey({ status: "retired" }));
      await second.removeKey(FULL_KEY.name);
      await second.removeKey("never-there");
      expect(await directory.readKeys()).toStrictEqual([aKey({ status: "retired" })]);
      expect(await directory.addKey(FULL_KEY)).toBe(true);
    });
  });
}
