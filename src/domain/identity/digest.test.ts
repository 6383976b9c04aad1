import { describe, expect, it } from "vitest";
import { sha256Base64url, sha256Hex } from "./digest.ts";

describe("digest", () => {
  // FIPS 180-4's examples; the third holds a byte under 0x10, the fourth is two bytes in UTF-8.
  it.each([
    { text: "", digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { text: "abc", digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    {
      text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    },
    { text: "é", digest: "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c" },
  ])("is SHA-256 of '$text' in hexadecimal", async ({ text, digest }) => {
    await expect(sha256Hex(text)).resolves.toBe(digest);
  });

  it("is SHA-256 in base64url, unpadded", async () => {
    await expect(sha256Base64url("abc")).resolves.toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });
});
