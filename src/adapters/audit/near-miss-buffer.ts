import type { NearMissCandidate } from "../../domain/near-miss.ts";

/** Candidates between two writes; each holds the claims of a token, 16 KiB at the most. */
const MAX_CANDIDATES = 200;

/**
 * Refused tokens on their way to becoming near misses. They serve a person who writes rules, so a flood of them,
 * or a store that is down, loses them; what is lost is counted and shown in `lost`.
 */
export class NearMissBuffer {
  readonly #keep: (candidates: readonly NearMissCandidate[]) => Promise<number>;
  readonly #onLoss: (lost: number) => void;
  #candidates: NearMissCandidate[] = [];
  #overflow = 0;
  #lost = 0;

  /** @param keep Gives back how many it left out. */
  constructor(
    keep: (candidates: readonly NearMissCandidate[]) => Promise<number>,
    onLoss: (lost: number) => void,
  ) {
    this.#keep = keep;
    this.#onLoss = onLoss;
  }

  /** Candidates lost since the start. */
  get lost(): number {
    return this.#lost;
  }

  add(candidate: NearMissCandidate): void {
    if (this.#candidates.length < MAX_CANDIDATES) this.#candidates.push(candidate);
    else this.#overflow += 1;
  }

  /** Hands on what is there, once; never throws, since nothing waits for it. */
  async flush(): Promise<void> {
    const candidates = this.#candidates;
    let lost = this.#overflow;
    this.#candidates = [];
    this.#overflow = 0;
    try {
      if (candidates.length > 0) lost += await this.#keep(candidates);
    } catch {
      lost += candidates.length;
    }
    if (lost === 0) return;
    this.#lost += lost;
    this.#onLoss(this.#lost);
  }
}
