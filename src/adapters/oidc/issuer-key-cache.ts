import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { KeySource } from "./key-source.ts";

/** Issuers whose keys are kept: more than are registered, with room for those whose nonce has just changed. */
const MAX_ISSUERS = 1000;

/**
 * The keys of each issuer by its URL and nonce: a change of what is trusted begins with no keys. Two issuers never
 * share a key, whatever its id. Of too many, the one that was not asked for the longest goes.
 */
export class IssuerKeyCache {
  readonly #create: (issuer: TrustedIssuer) => KeySource;
  readonly #limit: number;
  readonly #entries = new Map<string, KeySource>();

  constructor(create: (issuer: TrustedIssuer) => KeySource, limit = MAX_ISSUERS) {
    this.#create = create;
    this.#limit = limit;
  }

  of(issuer: TrustedIssuer): KeySource {
    const name = `${issuer.nonce} ${issuer.url}`;
    const keys = this.#entries.get(name) ?? this.#create(issuer);
    // Set anew, it is the last in the map's order.
    this.#entries.delete(name);
    this.#entries.set(name, keys);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
    return keys;
  }
}
