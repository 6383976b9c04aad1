import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export type IssuerAlgorithm = "ES256" | "RS256" | "EdDSA";

/** A signing key of the fake issuer. Signs with node:crypto, so that one library does not test itself. */
export class IssuerKeyPair {
  readonly kid: string;
  readonly algorithm: IssuerAlgorithm;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(kid: string, algorithm: IssuerAlgorithm) {
    const { privateKey, publicKey } = draw(algorithm);
    this.kid = kid;
    this.algorithm = algorithm;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  /** As an issuer publishes it (RFC 7517). */
  publicJwk(): Record<string, unknown> {
    return { ...this.#publicKey.export({ format: "jwk" }), kid: this.kid, alg: this.algorithm, use: "sig" };
  }

  /** What nobody should publish. */
  privateJwk(): Record<string, unknown> {
    return { ...this.publicJwk(), ...this.#privateKey.export({ format: "jwk" }) };
  }

  /** A compact JWS over any header and payload, whatever they say. */
  sign(header: object, payload: string): string {
    const input = `${encode(JSON.stringify(header))}.${encode(payload)}`;
    const key = { key: this.#privateKey, dsaEncoding: "ieee-p1363" } as const;
    const signature = sign(this.algorithm === "EdDSA" ? null : "sha256", Buffer.from(input), key);
    return `${input}.${signature.toString("base64url")}`;
  }
}

function draw(algorithm: IssuerAlgorithm) {
  if (algorithm === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  if (algorithm === "RS256") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return generateKeyPairSync("ed25519");
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
