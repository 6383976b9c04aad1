import { describe, expect, it } from "vitest";
import type { EncryptedBytes } from "../../domain/keys/stored-key.ts";
import { webRandom } from "../runtime/web-random.ts";
import { Envelope, UnreadableKeyError } from "./envelope.ts";

const RECORD = "kid-1";
const PLAINTEXT = new TextEncoder().encode("a private key");
const OLD = { id: "old", key: new Uint8Array(32).fill(1) };
const NEW = { id: "new", key: new Uint8Array(32).fill(2) };

const NOT_LISTED =
  'key record "kid-1" is encrypted under the key id "old", which BERTH_ENCRYPTION_KEY does not list';
const DOES_NOT_OPEN =
  'key record "kid-1" does not open under the key id "old" of BERTH_ENCRYPTION_KEY: that is another key than the one it was written with, or the record was changed';

describe("Envelope", () => {
  const written = new Envelope([OLD], webRandom).encrypt(RECORD, PLAINTEXT);

  it("gives back what it was given, and shows none of it", async () => {
    const encrypted = await written;
    expect(encrypted).toEqual({
      keyId: "old",
      iv: expect.stringMatching(/^[\w-]{16}$/),
      ciphertext: expect.stringMatching(/^[\w-]{39}$/),
    });
    await expect(new Envelope([OLD], webRandom).decrypt(RECORD, encrypted)).resolves.toEqual(PLAINTEXT);
  });

  it("encrypts under the first key, and decrypts under any", async () => {
    const envelope = new Envelope([NEW, OLD], webRandom);
    expect((await envelope.encrypt(RECORD, PLAINTEXT)).keyId).toBe("new");
    await expect(envelope.decrypt(RECORD, await written)).resolves.toEqual(PLAINTEXT);
  });

  it("never uses an initialization vector twice", async () => {
    const envelope = new Envelope([OLD], webRandom);
    const ivs = await Promise.all(
      Array.from({ length: 50 }, async () => (await envelope.encrypt(RECORD, PLAINTEXT)).iv),
    );
    expect(new Set(ivs).size).toBe(50);
  });

  it.each<{
    change: string;
    keys?: { id: string; key: Uint8Array }[];
    record?: string;
    edit?: Partial<EncryptedBytes>;
    message: string;
  }>([
    { change: "a key id that is not listed", keys: [NEW], message: NOT_LISTED },
    { change: "another key of that id", keys: [{ ...NEW, id: "old" }], message: DOES_NOT_OPEN },
    { change: "a ciphertext that is cut off", edit: { ciphertext: "AAAA" }, message: DOES_NOT_OPEN },
    { change: "a ciphertext that is not base64url", edit: { ciphertext: "+" }, message: DOES_NOT_OPEN },
    { change: "another iv", edit: { iv: "AAAAAAAAAAAAAAAA" }, message: DOES_NOT_OPEN },
    { change: "an empty iv", edit: { iv: "" }, message: DOES_NOT_OPEN },
    {
      change: "the record of another name",
      record: "ca-1",
      message: DOES_NOT_OPEN.replace("kid-1", "ca-1"),
    },
  ])("cannot read $change", async ({ keys = [OLD], record = RECORD, edit, message }) => {
    const read = new Envelope(keys, webRandom).decrypt(record, { ...(await written), ...edit });
    await expect(read).rejects.toThrow(new UnreadableKeyError(message));
  });

  it("needs a key", () => {
    expect(() => new Envelope([], webRandom)).toThrow("at least one encryption key");
  });

  it("does not take a key of a wrong length for an unreadable record", async () => {
    const broken = new Envelope([{ id: "old", key: new Uint8Array(5) }], webRandom);
    await expect(broken.decrypt(RECORD, await written)).rejects.not.toBeInstanceOf(UnreadableKeyError);
  });
});
