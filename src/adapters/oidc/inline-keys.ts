import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock } from "../../usecases/ports.ts";
import { FetchFault } from "./fetch-fault.ts";
import type { KeyEvent } from "./key-event.ts";
import { loadInlineKeys } from "./key-loader.ts";
import type { KeySet } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";

/**
 * The keys that an operator wrote down for an issuer, until the end that he gave them. Keeps the value and never the
 * promise, as Workers need it.
 */
export class InlineKeys implements KeySource {
  readonly #issuer: TrustedIssuer;
  readonly #inline: Extract<TrustedIssuer["keys"], { kind: "inline" }>;
  readonly #clock: Clock;
  readonly #report: (event: KeyEvent) => void;
  #keys: KeySet | undefined;

  constructor(
    issuer: TrustedIssuer,
    inline: Extract<TrustedIssuer["keys"], { kind: "inline" }>,
    clock: Clock,
    report: (event: KeyEvent) => void,
  ) {
    this.#issuer = issuer;
    this.#inline = inline;
    this.#clock = clock;
    this.#report = report;
  }

  async current(): Promise<KeySet | undefined> {
    if (this.#clock.now() >= this.#inline.expiresAt * 1000) return undefined;
    try {
      this.#keys ??= (await loadInlineKeys(this.#issuer, this.#inline.jwks, this.#report)).keys;
      return this.#keys;
    } catch (fault) {
      if (!(fault instanceof FetchFault)) throw fault;
      const { reason, code } = fault;
      this.#report({ kind: "key_fetch_failed", issuer: this.#issuer.url, reason, code });
      return undefined;
    }
  }

  async newerThan(): Promise<undefined> {
    return undefined;
  }
}
