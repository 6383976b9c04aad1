import { createHash, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { webRandom } from "../runtime/web-random.ts";
import {
  createCaCertificate,
  createLeafCertificate,
  createPinnedCertificate,
} from "./certificate-authority.ts";
import { generateKeyPair } from "./key-pair.ts";
import { pemToX5c } from "./stored-certificate.ts";

const NOW = 1_800_000_000;
const DAY = 24 * 3600;

async function aCa(now = NOW) {
  const pair = await generateKeyPair();
  const subject = { publicKey: pair.publicKey, shortId: "0123abcd", now, random: webRandom };
  const certificate = await createCaCertificate(subject, pair.privateKey);
  return { pair, certificate, parsed: new X509Certificate(certificate.pem) };
}

async function aLeaf(ca: Awaited<ReturnType<typeof aCa>>, now = NOW) {
  const pair = await generateKeyPair();
  const subject = { publicKey: pair.publicKey, shortId: "89ef4567", now, random: webRandom };
  const issuer = { pem: ca.certificate.pem, privateKey: ca.pair.privateKey };
  const certificate = await createLeafCertificate(subject, issuer);
  return { certificate, parsed: new X509Certificate(certificate.pem) };
}

function validity({ parsed }: { parsed: X509Certificate }) {
  return { from: Date.parse(parsed.validFrom) / 1000, to: Date.parse(parsed.validTo) / 1000 };
}

/** The DER of an extension (RFC 5280 §4.2.1), critical, to be found in the certificate's. */
const CRITICAL = {
  caPathLength0: "0603551d130101ff040830060101ff020100",
  notCa: "0603551d130101ff04023000",
  keyCertSign: "0603551d0f0101ff040403020204",
  digitalSignature: "0603551d0f0101ff040403020780",
} as const;

function hasExtension({ parsed }: { parsed: X509Certificate }, der: string): boolean {
  return parsed.raw.toString("hex").includes(der);
}

/** RFC 5280 §4.2.1.2 (1): SHA-1 of the public key's bits, which end its SPKI: 65 bytes for P-256. */
function keyId({ parsed }: { parsed: X509Certificate }): string {
  const spki = parsed.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha1").update(spki.subarray(-65)).digest("hex");
}

describe("certificates", () => {
  it("a CA is good for ten years, for leaves alone", async () => {
    const ca = await aCa();
    expect(ca.parsed.subject).toBe("CN=Berth CA 0123abcd");
    expect(ca.parsed.ca).toBe(true);
    expect(ca.parsed.verify(ca.parsed.publicKey)).toBe(true);
    expect(validity(ca)).toEqual({ from: NOW - 3600, to: NOW + 3653 * DAY });
    expect(ca.certificate.notAfter).toBe(NOW + 3653 * DAY);
    expect(hasExtension(ca, CRITICAL.caPathLength0)).toBe(true);
    expect(hasExtension(ca, CRITICAL.keyCertSign)).toBe(true);
  });

  it("a leaf is good for thirty days, signs tokens, and chains up to its CA and no other", async () => {
    const ca = await aCa();
    const leaf = await aLeaf(ca);
    expect(leaf.parsed.subject).toBe("CN=Berth leaf 89ef4567");
    expect(leaf.parsed.ca).toBe(false);
    expect(leaf.parsed.checkIssued(ca.parsed)).toBe(true);
    expect(leaf.parsed.verify(ca.parsed.publicKey)).toBe(true);
    expect(leaf.parsed.verify((await aCa()).parsed.publicKey)).toBe(false);
    expect(hasExtension(leaf, `0603551d23041830168014${keyId(ca)}`)).toBe(true);
    expect(validity(leaf)).toEqual({ from: NOW - 3600, to: NOW + 30 * DAY });
    expect(leaf.certificate.notAfter).toBe(NOW + 30 * DAY);
    expect(hasExtension(leaf, CRITICAL.notCa)).toBe(true);
    expect(hasExtension(leaf, CRITICAL.digitalSignature)).toBe(true);
  });

  it("a leaf does not outlive its CA", async () => {
    const ca = await aCa(NOW - 3643 * DAY);
    const leaf = await aLeaf(ca);
    expect(leaf.certificate.notAfter).toBe(NOW + 10 * DAY);
    expect(validity(leaf).to).toBe(NOW + 10 * DAY);
  });

  it("a pinned certificate is no CA", async () => {
    const pair = await generateKeyPair();
    const subject = { publicKey: pair.publicKey, shortId: "01234567", now: NOW, random: webRandom };
    const certificate = await createPinnedCertificate(subject, pair.privateKey);
    const parsed = new X509Certificate(certificate.pem);
    expect(parsed.subject).toBe("CN=Berth pinned 01234567");
    expect(parsed.ca).toBe(false);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(validity({ parsed })).toEqual({ from: NOW - 3600, to: NOW + 3653 * DAY });
    expect(hasExtension({ parsed }, CRITICAL.notCa)).toBe(true);
    expect(hasExtension({ parsed }, CRITICAL.digitalSignature)).toBe(true);
  });

  it("has a positive serial number of 16 bytes, whatever the random bytes are", async () => {
    for (const byte of [0x00, 0x80, 0xff]) {
      const pair = await generateKeyPair();
      const random = (count: number) => new Uint8Array(count).fill(byte);
      const subject = { publicKey: pair.publicKey, shortId: "01234567", now: NOW, random };
      const { pem } = await createCaCertificate(subject, pair.privateKey);
      expect(new X509Certificate(pem).serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    }
  });

  it("stands in x5c as standard base64 of its DER", async () => {
    const { parsed, certificate } = await aCa();
    expect(pemToX5c(certificate.pem)).toBe(parsed.raw.toString("base64"));
  });
});
