/** The asymmetric algorithms of RFC 7518 and RFC 8037 that an issuer may be registered with; never `none`, never HS*. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/**
 * What uses an identity token up. `jti`: its `jti`, which is required. `once`: its `jti`, else its signed text.
 * `reusable`: nothing does; for platforms that hand one token to a job many times.
 */
export type ReplayPolicy = "jti" | "once" | "reusable";

/** Where an issuer's keys come from: its discovery document, or a key set that the operator wrote down. */
export type KeySource =
  | {
      readonly kind: "discovery";
      /** Hosts besides the issuer's own that its `jwks_uri` may name. */
      readonly jwksHosts: readonly string[];
      /** Whether the issuer may stand on a private or loopback address. */
      readonly privateNetwork: boolean;
      /** PEM certificates that replace the system's trust for this issuer. */
      readonly caPem?: string;
    }
  | {
      readonly kind: "inline";
      /** JWK Set (RFC 7517 §5) as JSON text. */
      readonly jwks: string;
      /** Unix seconds after which the set is not used: nobody else will tell us that a key was withdrawn. */
      readonly expiresAt: number;
    };

/** An OIDC provider that an operator named. None is trusted until one line names it. */
export interface TrustedIssuer {
  /** Compared with `iss` byte for byte; a trailing slash makes another issuer. */
  readonly url: string;
  readonly nonce: string;
  readonly enabled: boolean;
  /** Name of the issuer family that says what its claims mean (`profiles/all.ts`). */
  readonly profile: string;
  readonly algorithms: readonly Algorithm[];
  /** An identity token's `aud` is exactly one of these. */
  readonly audiences: readonly string[];
  /** The longest `exp − iat` in seconds. */
  readonly maxLifetimeSeconds: number;
  readonly replay: ReplayPolicy;
  readonly keys: KeySource;
  readonly managedBy: string;
}
