import type { Exchange } from "../history.ts";
import type { Scene } from "../scene.ts";
import type { JobToken } from "../witness.ts";
import { lookEverywhere } from "./look.ts";

interface Shown {
  readonly token: JobToken;
  readonly exchanges: Exchange[];
}

/** Of those that were shown last: what a failover may have forgotten. */
const RECENT = 40;

/** Those who have got hold of an identity token, and show it everywhere at once, and again later. */
export class Replayers {
  readonly #scene: Scene;
  readonly #shown: Shown[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  async turn(): Promise<void> {
    const { witness, berths, random } = this.#scene;
    const token = await witness.newJobToken();
    const everywhere = Array.from({ length: berths.count }, (_, berth) => witness.exchange(token, berth));
    const shown = { token, exchanges: await Promise.all(everywhere) };
    this.#shown.push(shown);
    await lookEverywhere(witness, berths, shown.exchanges);
    const older = random.pick(this.#shown.slice(-RECENT));
    if (older !== undefined) await this.#showAgain(older);
  }

  async replayRecent(): Promise<void> {
    for (const shown of this.#shown.slice(-RECENT)) await this.#showAgain(shown);
  }

  async #showAgain(shown: Shown): Promise<void> {
    const { witness, berths, random } = this.#scene;
    shown.exchanges.push(await witness.exchange(shown.token, random.below(berths.count)));
    if (shown.exchanges.filter(({ secret }) => secret !== undefined).length > 1)
      await lookEverywhere(witness, berths, shown.exchanges);
  }
}
