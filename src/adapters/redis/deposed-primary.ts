/** Then what the Sentinels say holds again: a switch back that was not heard of must not shut Berth out. */
const LASTS_MS = 60_000;

/**
 * Primaries that were replaced. A Sentinel that is cut off together with one goes on naming it, and each new
 * connection asks another Sentinel.
 */
export class DeposedPrimary {
  /** Address → until when it is refused, by `performance.now()`. */
  readonly #refused = new Map<string, number>();

  /** @param from, to `host:port`, as the Sentinels have them. */
  replaced(from: string, to: string): void {
    const now = performance.now();
    for (const [address, until] of this.#refused) if (until <= now) this.#refused.delete(address);
    this.#refused.set(from, now + LASTS_MS);
    this.#refused.delete(to);
  }

  /** As ioredis asks before it connects to what a Sentinel named: it asks the next one where this throws. */
  refuse(address: string): null {
    if (performance.now() < (this.#refused.get(address) ?? 0)) throw new Error("this primary was replaced");
    return null;
  }
}
