import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** A CA of its own, and a server's certificate under it. PEM. */
export interface PrivateCertificates {
  readonly caPem: string;
  readonly cert: string;
  readonly key: string;
}

export interface ServerNames {
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  /** Unix milliseconds; the certificate ends a day after now by default. */
  readonly notAfter?: number;
}

export async function createPrivateCertificates(names: ServerNames): Promise<PrivateCertificates> {
  const [caKeys, keys] = await Promise.all([generateKeys(), generateKeys()]);
  const validity = { notBefore: new Date(Date.now() - 10 * DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Fake issuer's CA",
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "CN=Fake issuer",
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    ...(names.notAfter === undefined ? {} : { notAfter: new Date(names.notAfter) }),
    extensions: [new x509.SubjectAlternativeNameExtension(alternativeNames(names))],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    caPem: ca.toString("pem"),
    cert: leaf.toString("pem"),
    key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

function generateKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function alternativeNames({ dns = [], ip = [] }: ServerNames): x509.JsonGeneralNames {
  return [
    ...dns.map((value) => ({ type: "dns" as const, value })),
    ...ip.map((value) => ({ type: "ip" as const, value })),
  ];
}
