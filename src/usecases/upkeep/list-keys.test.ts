import { expect, it } from "vitest";
import { aRegistry } from "../../../test/support/baseline.ts";
import { aKeyWorld } from "../../../test/support/key-world.ts";
import { listKeys } from "./list-keys.ts";

it("lists keys by age, then by name, without their private halves", async () => {
  const { ring, clock, store, deps } = await aKeyWorld();
  clock.advance(10);
  await ring.signingKey(aRegistry({ tokenForm: "pinned" }));
  await ring.signingKey(aRegistry());
  await ring.jwks();
  store.put({ ...store.key("kid-1"), name: "kid-0" });
  const keys = await listKeys(deps);
  expect(keys.map(({ name }) => name)).toEqual([
    "ca-1",
    "kid-0",
    "kid-1",
    "pinned-registry.example.com-1",
    "x5c-1-1",
  ]);
  const { encryptedPrivateKey, ...visible } = store.key("x5c-1-1");
  expect(keys.at(-1)).toEqual({ ...visible, encryptionKeyId: "main" });
  expect(JSON.stringify(keys)).not.toContain(encryptedPrivateKey.ciphertext);
});
