import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  apiTokenId,
  credentialId,
  equalHashes,
  isCredentialId,
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  parseSecret,
  SHARDS,
  shardOfCredentialId,
  shardOfHash,
} from "./secret.ts";

describe("a credential's id", () => {
  it("is its shard and 128 bits of its hash", async () => {
    const secret = newCredentialSecret(7, (count) => new Uint8Array(count).fill(9));
    const hash = createHash("sha256").update(secret.expose()).digest("hex");
    await expect(credentialId(secret)).resolves.toEqual({ id: `07${hash.slice(0, 32)}`, hash });
  });

  it("is the same of an API token that an identity token earned", async () => {
    const secret = newExchangedApiTokenSecret(63, (count) => new Uint8Array(count).fill(9));
    const hash = createHash("sha256").update(secret.expose()).digest("hex");
    await expect(credentialId(secret)).resolves.toEqual({ id: `63${hash.slice(0, 32)}`, hash });
  });

  it("is one for each of the 64 shards, and names it", async () => {
    for (let shard = 0; shard < 64; shard += 1) {
      const secret = parseSecret(newCredentialSecret(shard, (count) => new Uint8Array(count)).expose());
      const id = secret && (await credentialId(secret)).id;
      expect(isCredentialId(id ?? "")).toBe(true);
      expect(shardOfCredentialId(id ?? "")).toBe(shard);
    }
  });

  it.each([
    { id: `00${"a".repeat(32)}`, is: true },
    { id: `59${"0".repeat(32)}`, is: true },
    { id: `63${"f".repeat(32)}`, is: true },
    { id: `64${"a".repeat(32)}`, is: false },
    { id: `7${"a".repeat(33)}`, is: false },
    { id: `00${"A".repeat(32)}`, is: false },
    { id: `00${"g".repeat(32)}`, is: false },
    { id: `00${"a".repeat(31)}`, is: false },
    { id: `00${"a".repeat(33)}`, is: false },
    { id: `00${"a".repeat(32)}\n`, is: false },
    { id: `0000${"a".repeat(32)}`, is: false },
    { id: "", is: false },
  ])("is one: $is, $id", ({ id, is }) => {
    expect(isCredentialId(id)).toBe(is);
  });

  it.each([
    { id: `00${"a".repeat(32)}`, shard: 0 },
    { id: `07${"1".repeat(32)}`, shard: 7 },
    { id: `63${"1".repeat(32)}`, shard: 63 },
  ])("$id is in shard $shard", ({ id, shard }) => {
    expect(shardOfCredentialId(id)).toBe(shard);
  });
});

it("the id of another API token is 128 bits of its hash, and no credential's", async () => {
  const secret = newApiTokenSecret((count) => new Uint8Array(count).fill(9));
  const hash = createHash("sha256").update(secret.expose()).digest("hex");
  const { id } = await apiTokenId(secret);
  expect(await apiTokenId(secret)).toEqual({ id: hash.slice(0, 32), hash });
  expect(isCredentialId(id)).toBe(false);
});

describe("shardOfHash", () => {
  it.each([
    { hash: `00${"f".repeat(62)}`, shard: 0 },
    { hash: `3f${"0".repeat(62)}`, shard: 63 },
    { hash: `40${"0".repeat(62)}`, shard: 0 },
    { hash: `a7${"0".repeat(62)}`, shard: 0x27 },
    { hash: `ff${"0".repeat(62)}`, shard: 63 },
  ])("of $hash is $shard", ({ hash, shard }) => {
    expect(shardOfHash(hash)).toBe(shard);
  });

  it("gives each of the 64 the same share of first bytes", () => {
    const counts = new Array<number>(SHARDS).fill(0);
    for (let byte = 0; byte < 256; byte += 1) {
      const shard = shardOfHash(byte.toString(16).padStart(2, "0"));
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    expect(counts).toEqual(new Array<number>(64).fill(4));
  });
});

describe("equalHashes", () => {
  const hash = "ab".repeat(32);
  it.each([
    { other: "the same", text: "ab".repeat(32), equal: true },
    { other: "another first digit", text: `b${hash.slice(1)}`, equal: false },
    { other: "another last digit", text: `${hash.slice(0, -1)}c`, equal: false },
    { other: "two differences that are alike", text: `bb${hash.slice(2, -2)}bb`, equal: false },
    { other: "one digit less", text: hash.slice(1), equal: false },
    { other: "one digit more", text: `${hash}a`, equal: false },
    { other: "nothing", text: "", equal: false },
  ])("of a hash and $other is $equal", ({ text, equal }) => {
    expect(equalHashes(hash, text)).toBe(equal);
    expect(equalHashes(text, hash)).toBe(equal);
  });
});
