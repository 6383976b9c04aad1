import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { RandomBytes } from "../../domain/accounts/secret.ts";
import { P256 } from "./key-pair.ts";

const DAY_SECONDS = 24 * 3600;
const CA_SECONDS = 3653 * DAY_SECONDS;
const LEAF_SECONDS = 30 * DAY_SECONDS;
/** Of a registry that holds the certificate itself: no shorter than a CA, since nothing renews it. */
const PINNED_SECONDS = CA_SECONDS;
/** How far `notBefore` is dated back: distribution checks it at each request, by a clock that may be late. */
const BACKDATE_SECONDS = 3600;
const SERIAL_BYTES = 16;

export interface Certificate {
  readonly pem: string;
  /** Unix seconds. */
  readonly notAfter: number;
}

/** What goes into a certificate beside its kind. */
export interface CertificateSubject {
  readonly publicKey: webcrypto.CryptoKey;
  /** Stands in the common name, so that people can tell two of a kind apart. */
  readonly shortId: string;
  /** Unix seconds. */
  readonly now: number;
  readonly random: RandomBytes;
}

/** A CA certificate and its private key. */
export interface CertificateIssuer {
  readonly pem: string;
  readonly privateKey: webcrypto.CryptoKey;
}

/** Berth's own CA, self-signed: 10 years, for leaves alone (path length 0), no CRL. */
export function createCaCertificate(
  subject: CertificateSubject,
  privateKey: webcrypto.CryptoKey,
): Promise<Certificate> {
  return selfSigned(subject, privateKey, `Berth CA ${subject.shortId}`, CA_SECONDS, [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
  ]);
}

/** The certificate that a registry with one pinned key holds; self-signed, and no CA. */
export function createPinnedCertificate(
  subject: CertificateSubject,
  privateKey: webcrypto.CryptoKey,
): Promise<Certificate> {
  return selfSigned(subject, privateKey, `Berth pinned ${subject.shortId}`, PINNED_SECONDS, signsTokens());
}

/** A leaf for signing registry tokens, 30 days, never past its CA. */
export async function createLeafCertificate(
  subject: CertificateSubject,
  issuer: CertificateIssuer,
): Promise<Certificate> {
  const ca = new x509.X509Certificate(issuer.pem);
  const notAfter = Math.min(subject.now + LEAF_SECONDS, unixSeconds(ca.notAfter));
  const certificate = await x509.X509CertificateGenerator.create({
    ...commonFields(subject, notAfter),
    subject: commonName(`Berth leaf ${subject.shortId}`),
    issuer: ca.subjectName,
    publicKey: subject.publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: { ...P256, hash: "SHA-256" },
    extensions: [
      ...signsTokens(),
      await x509.SubjectKeyIdentifierExtension.create(subject.publicKey),
      // Two CAs of one name would else be tried in turn.
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  return { pem: certificate.toString("pem"), notAfter };
}

async function selfSigned(
  subject: CertificateSubject,
  privateKey: webcrypto.CryptoKey,
  name: string,
  seconds: number,
  extensions: readonly x509.Extension[],
): Promise<Certificate> {
  const notAfter = subject.now + seconds;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...commonFields(subject, notAfter),
    name: commonName(name),
    keys: { publicKey: subject.publicKey, privateKey },
    signingAlgorithm: { ...P256, hash: "SHA-256" },
    extensions: [...extensions, await x509.SubjectKeyIdentifierExtension.create(subject.publicKey)],
  });
  return { pem: certificate.toString("pem"), notAfter };
}

function commonFields({ now, random }: CertificateSubject, notAfter: number) {
  return {
    serialNumber: serialNumber(random),
    notBefore: new Date((now - BACKDATE_SECONDS) * 1000),
    notAfter: new Date(notAfter * 1000),
  };
}

function signsTokens(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  ];
}

/** Positive, and of one length (RFC 5280 §4.1.2.2): the first byte is 0x40 to 0x7f. */
function serialNumber(random: RandomBytes): string {
  const [first = 0, ...rest] = random(SERIAL_BYTES);
  return [(first & 0x3f) | 0x40, ...rest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function commonName(name: string): { CN: string[] }[] {
  return [{ CN: [name] }];
}

function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
