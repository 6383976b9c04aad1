import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import type { KeyRequest } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CaFiles } from "../../usecases/key-ports.ts";
import type { Envelope } from "./envelope.ts";
import { certificateOf } from "./stored-certificate.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/;
const ENCRYPTED_KEY = /-----BEGIN ENCRYPTED PRIVATE KEY-----[^-]+-----END ENCRYPTED PRIVATE KEY-----\n?/;

/**
 * PEM: the certificate (RFC 7468 §5), then the private key as PKCS #8 (RFC 5958) encrypted by PBES2 (RFC 8018), with
 * AES-256 and OpenSSL's 2048 rounds of PBKDF2. So few want a passphrase that nobody guesses (`keys export-ca`).
 */
export class PemCaFiles implements CaFiles {
  readonly #envelope: Envelope;

  constructor(envelope: Envelope) {
    this.#envelope = envelope;
  }

  async write(ca: StoredKey, passphrase: string): Promise<string> {
    const pkcs8 = await this.#envelope.decrypt(ca.name, ca.encryptedPrivateKey);
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
    const pem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
    return `${certificateOf(ca).trimEnd()}\n${pem}`;
  }

  async read(file: string, passphrase: string, request: KeyRequest): Promise<Result<StoredKey, string>> {
    const [certificatePem] = CERTIFICATE.exec(file) ?? [];
    const [keyPem] = ENCRYPTED_KEY.exec(file) ?? [];
    if (certificatePem === undefined || keyPem === undefined) {
      return err(
        "the file needs a CERTIFICATE and an ENCRYPTED PRIVATE KEY in PEM, as `berth keys export-ca` writes",
      );
    }
    const key = openKey(keyPem, passphrase);
    if (key === undefined) return err("the private key does not open: another passphrase, or a damaged file");
    const certificate = parseCertificate(certificatePem);
    if (certificate === undefined) return err("the certificate in the file is damaged");
    const fault = faultOf(certificate, key, request.createdAt);
    return fault === undefined ? ok(await this.#toRecord(certificate, key, request)) : err(fault);
  }

  async #toRecord(certificate: X509Certificate, key: KeyObject, request: KeyRequest): Promise<StoredKey> {
    const { x = "", y = "" } = certificate.publicKey.export({ format: "jwk" });
    const jwk = { kty: "EC", crv: "P-256", x, y } as const;
    const pkcs8 = key.export({ type: "pkcs8", format: "der" });
    const { name, series, status, createdAt } = request;
    return {
      name,
      use: series.use,
      status,
      createdAt,
      publicJwk: { ...jwk, kid: await calculateJwkThumbprint(jwk) },
      certificatePem: certificate.toString(),
      notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
      encryptedPrivateKey: await this.#envelope.encrypt(name, new Uint8Array(pkcs8)),
    };
  }
}

/** OpenSSL has many codes for a wrong passphrase and for what is no key; all say the same to who holds the file. */
function openKey(pem: string, passphrase: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: "pem", passphrase });
  } catch {
    return undefined;
  }
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Why registries would not take leaves of this CA, or Berth could not make them. */
function faultOf(certificate: X509Certificate, key: KeyObject, now: number): string | undefined {
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    return "the private key is not of the curve P-256";
  if (!certificate.checkPrivateKey(key)) return "the private key is not that of the certificate";
  if (!certificate.ca) return "the certificate is not that of a CA";
  if (!certificate.verify(certificate.publicKey)) return "the certificate is not signed by its own key";
  if (certificate.validToDate.getTime() <= now * 1000) return "the certificate has expired";
  return undefined;
}
