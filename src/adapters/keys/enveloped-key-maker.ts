import type { RandomBytes } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import type { KeyRequest, KeySeries } from "../../domain/keys/key-series.ts";
import type { StoredKey } from "../../domain/keys/stored-key.ts";
import type { KeyMaker } from "../../usecases/key-ports.ts";
import type { Certificate, CertificateIssuer, CertificateSubject } from "./certificate-authority.ts";
import { type Envelope, UnreadableKeyError } from "./envelope.ts";
import { generateKeyPair, type KeyPair, P256 } from "./key-pair.ts";
import { certificateOf } from "./stored-certificate.ts";

const SHORT_ID_DIGITS = 8;

/** Makes keys whose private parts only the envelope opens. */
export class EnvelopedKeyMaker implements KeyMaker {
  readonly #envelope: Envelope;
  readonly #random: RandomBytes;

  constructor(envelope: Envelope, random: RandomBytes) {
    this.#envelope = envelope;
    this.#random = random;
  }

  async make({ series, name, status, createdAt }: KeyRequest): Promise<StoredKey> {
    const pair = await generateKeyPair();
    const certificate = await this.#certify(series, pair, createdAt);
    return {
      name,
      use: series.use,
      status,
      ...(series.use === "pinned" ? { registry: series.registry } : {}),
      createdAt,
      publicJwk: pair.publicJwk,
      ...(certificate && { certificatePem: certificate.pem, notAfter: certificate.notAfter }),
      encryptedPrivateKey: await this.#envelope.encrypt(name, pair.pkcs8),
    };
  }

  async findFault(key: StoredKey): Promise<string | undefined> {
    try {
      await this.#envelope.decrypt(key.name, key.encryptedPrivateKey);
      return undefined;
    } catch (fault) {
      if (fault instanceof UnreadableKeyError) return fault.message;
      throw fault;
    }
  }

  async rewrap(key: StoredKey): Promise<StoredKey | undefined> {
    if (this.#envelope.isCurrent(key.encryptedPrivateKey)) return undefined;
    const pkcs8 = await this.#envelope.decrypt(key.name, key.encryptedPrivateKey);
    return { ...key, encryptedPrivateKey: await this.#envelope.encrypt(key.name, pkcs8) };
  }

  async #certify(series: KeySeries, pair: KeyPair, now: number): Promise<Certificate | undefined> {
    if (series.use === "kid") return undefined;
    // An eighth of the time that Berth takes to start, for what it does once a month.
    const { createCaCertificate, createLeafCertificate, createPinnedCertificate } = await import(
      "./certificate-authority.ts"
    );
    const shortId = (await sha256Hex(pair.publicJwk.kid)).slice(0, SHORT_ID_DIGITS);
    const subject: CertificateSubject = { publicKey: pair.publicKey, shortId, now, random: this.#random };
    if (series.use === "ca") return createCaCertificate(subject, pair.privateKey);
    if (series.use === "pinned") return createPinnedCertificate(subject, pair.privateKey);
    return createLeafCertificate(subject, await this.#openCa(series.ca));
  }

  async #openCa(ca: StoredKey): Promise<CertificateIssuer> {
    const pkcs8 = await this.#envelope.decrypt(ca.name, ca.encryptedPrivateKey);
    return {
      pem: certificateOf(ca),
      privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]),
    };
  }
}
