import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import type { Clock } from "../../usecases/ports.ts";
import { type KeySet, parseKeySet } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";

/** How old the word of the one who fetches may be: a rotation is in force everywhere after this long. */
const MAX_AGE_MS = 1000;

/** What is asked of the one who fetches. Versions are his. */
export interface KeyQuestion {
  /** The copy that the asker holds. */
  readonly held?: string;
  /** Whether a token did not verify under it, so that a newer one is to be looked for. */
  readonly wantsNewer: boolean;
}

export type KeyAnswer =
  | { readonly kind: "keys"; readonly version: string; readonly text: string }
  | { readonly kind: "unchanged" }
  /** No keys can be had. */
  | { readonly kind: "none" };

/** Asks the one who fetches the issuer's keys for all. Throws UnavailableError when he does not answer. */
export type AskForKeys = (issuer: TrustedIssuer, question: KeyQuestion) => Promise<KeyAnswer>;

interface Held {
  readonly keys: KeySet;
  readonly version: string;
  /** Unix milliseconds. */
  readonly askedAt: number;
}

/**
 * One issuer's keys as somebody else fetches and keeps them, asked for once a second and parsed once a version. Keeps
 * values and never promises: on Workers a promise of one request must not be awaited by another.
 */
export class RemoteIssuerKeys implements KeySource {
  readonly #issuer: TrustedIssuer;
  readonly #ask: AskForKeys;
  readonly #clock: Clock;
  #held: Held | undefined;
  /** When there was last nothing newer than what is held. */
  #newestAt = Number.NEGATIVE_INFINITY;

  constructor(issuer: TrustedIssuer, ask: AskForKeys, clock: Clock) {
    this.#issuer = issuer;
    this.#ask = ask;
    this.#clock = clock;
  }

  async current(): Promise<KeySet | undefined> {
    const age = this.#clock.now() - (this.#held?.askedAt ?? Number.NEGATIVE_INFINITY);
    if (this.#held && age >= 0 && age < MAX_AGE_MS) return this.#held.keys;
    return this.#refresh(false);
  }

  /** Anybody can make up a token that does not verify: the one who fetches is asked no more than once a second. */
  async newerThan(seen: KeySet): Promise<KeySet | undefined> {
    // Another request may have brought newer ones meanwhile.
    if (this.#held?.keys !== seen) return this.#held?.keys;
    if (Math.abs(this.#clock.now() - this.#newestAt) < MAX_AGE_MS) return undefined;
    const keys = await this.#refresh(true);
    if (keys !== seen) return keys;
    this.#newestAt = this.#clock.now();
    return undefined;
  }

  async #refresh(wantsNewer: boolean): Promise<KeySet | undefined> {
    const before = this.#held;
    const askedAt = this.#clock.now();
    const question = before === undefined ? { wantsNewer } : { wantsNewer, held: before.version };
    const answer = await this.#ask(this.#issuer, question);
    this.#held = await this.#heldAfter(answer, before, askedAt);
    return this.#held?.keys;
  }

  async #heldAfter(answer: KeyAnswer, before: Held | undefined, askedAt: number): Promise<Held | undefined> {
    if (answer.kind === "none") return undefined;
    if (answer.kind === "unchanged") return before && { ...before, askedAt };
    // What is skipped is told by the one who fetched it.
    const keys = await parseKeySet(answer.text, this.#issuer.algorithms, () => undefined);
    return { keys, version: answer.version, askedAt };
  }
}
