import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { ENCRYPTION, KEY_TEST_NOW } from "../../../test/support/key-world.ts";
import type { KeyRequest } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { webRandom } from "../runtime/web-random.ts";
import { Envelope } from "./envelope.ts";
import { EnvelopedKeyMaker } from "./enveloped-key-maker.ts";
import { PemCaFiles } from "./pem-ca-files.ts";

const PASSPHRASE = "a passphrase of some length";
const envelope = new Envelope([ENCRYPTION], webRandom);
const maker = new EnvelopedKeyMaker(envelope, webRandom);
const files = new PemCaFiles(envelope);
const REQUEST: KeyRequest = {
  series: { use: "ca" },
  name: "ca-7",
  status: "active",
  createdAt: KEY_TEST_NOW,
};

let ca: StoredKey;
let file: string;
beforeAll(async () => {
  ca = await maker.make({ ...REQUEST, name: "ca-1" });
  file = await files.write(ca, PASSPHRASE);
});

const certificateIn = (text: string) => text.slice(0, text.indexOf("-----BEGIN ENCRYPTED"));
const keyIn = (text: string) => text.slice(text.indexOf("-----BEGIN ENCRYPTED"));

describe("a CA's file", () => {
  it("is a certificate and an encrypted key that other programs open", () => {
    expect(certificateIn(file)).toBe(`${ca.certificatePem?.trimEnd()}\n`);
    const key = createPrivateKey({ key: file, passphrase: PASSPHRASE });
    expect(createPublicKey(key).export({ format: "jwk" })).toEqual({
      kty: "EC",
      crv: "P-256",
      x: ca.publicJwk.x,
      y: ca.publicJwk.y,
    });
    expect(file).not.toContain("BEGIN PRIVATE KEY");
  });

  it("becomes the record that is asked for, under the encryption key of now", async () => {
    const read = await files.read(file, PASSPHRASE, REQUEST);
    const { encryptedPrivateKey: _, certificatePem, ...record } = ca;
    expect(read).toMatchObject({ ok: true, value: { ...record, name: "ca-7", createdAt: KEY_TEST_NOW } });
    if (!read.ok) return;
    expect(read.value.certificatePem?.trimEnd()).toBe(certificatePem?.trimEnd());
    const opened = await envelope.decrypt("ca-7", read.value.encryptedPrivateKey);
    expect(opened).toEqual(await envelope.decrypt("ca-1", ca.encryptedPrivateKey));
  });

  it("may have other text around its parts, and line feeds of another system", async () => {
    const text = `Bag Attributes\n${keyIn(file)}\nsubject=CN\n${certificateIn(file)}`.replaceAll(
      "\n",
      "\r\n",
    );
    expect(await files.read(text, PASSPHRASE, REQUEST)).toMatchObject({ ok: true });
  });

  const NEEDS =
    "the file needs a CERTIFICATE and an ENCRYPTED PRIVATE KEY in PEM, as `berth keys export-ca` writes";
  const CLOSED = "the private key does not open: another passphrase, or a damaged file";
  it.each<[string, () => string | Promise<string>, string, string?]>([
    ["without a key", () => certificateIn(file), NEEDS],
    ["without a certificate", () => keyIn(file), NEEDS],
    ["that is empty", () => "", NEEDS],
    ["under another passphrase", () => file, CLOSED, "another passphrase"],
    ["with a damaged key", () => certificateIn(file) + keyIn(file).replace("MI", "AI"), CLOSED],
    ["with a damaged certificate", () => file.replace("MI", "AI"), "the certificate in the file is damaged"],
    [
      "with the key of another CA",
      async () => certificateIn(file) + keyIn(await files.write(await maker.make(REQUEST), PASSPHRASE)),
      "the private key is not that of the certificate",
    ],
    [
      "with a key of another curve",
      () => {
        const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
        const sealed = {
          type: "pkcs8",
          format: "pem",
          cipher: "aes-256-cbc",
          passphrase: PASSPHRASE,
        } as const;
        return certificateIn(file) + privateKey.export(sealed);
      },
      "the private key is not of the curve P-256",
    ],
    [
      "of a leaf",
      async () => {
        const leaf = await maker.make({ ...REQUEST, name: "x5c-1-1", series: { use: "x5c", ca } });
        return files.write(leaf, PASSPHRASE);
      },
      "the certificate is not that of a CA",
    ],
    [
      "of a CA that has expired",
      async () => files.write(await maker.make({ ...REQUEST, createdAt: 0 }), PASSPHRASE),
      "the certificate has expired",
    ],
  ])("is refused %s", async (_, text, error, passphrase = PASSPHRASE) => {
    expect(await files.read(await text(), passphrase, REQUEST)).toEqual({ ok: false, error });
  });
});
