/** Then what the Sentinels say holds again: a switch back that was not heard of must not shut Berth out. */
const LASTS_MS = 60_000;

/**
 * The primary that was replaced last. A Sentinel that is cut off together with it goes on naming it, and each new
 * connection asks another Sentinel.
 */
export class DeposedPrimary {
  #address: string | undefined;
  #until = 0;

  /** @param address `host:port`, as the Sentinels have it. */
  replaced(address: string): void {
    this.#address = address;
    this.#until = performance.now() + LASTS_MS;
  }

  /** As ioredis asks before it connects to what a Sentinel named: it asks the next one where this throws. */
  refuse(address: string): null {
    if (address === this.#address && performance.now() < this.#until) {
      throw new Error("this primary was replaced");
    }
    return null;
  }
}
