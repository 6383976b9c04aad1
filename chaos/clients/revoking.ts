import type { Scene } from "../scene.ts";
import { lookEverywhere } from "./look.ts";

const ATTEMPTS = 3;
const RECENT = 40;

/** Those who end what they got, and then look whether it is dead, for the rest of the run. */
export class Revokers {
  readonly #scene: Scene;
  readonly #revoked: number[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  async turn(): Promise<void> {
    const { witness, berths, random } = this.#scene;
    const token = await witness.newJobToken();
    const { secret } = await witness.exchange(token, random.below(berths.count));
    if (secret !== undefined) await this.#end(secret);
    const older = random.pick(this.#revoked.slice(-RECENT));
    if (older !== undefined) await witness.login(older, random.below(berths.count));
  }

  async lookAgain(): Promise<void> {
    const { witness, berths } = this.#scene;
    for (const secret of this.#revoked.slice(-RECENT)) await lookEverywhere(witness, berths, [{ secret }]);
  }

  async #end(secret: number): Promise<void> {
    const { witness, berths, random } = this.#scene;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { answer } = await witness.revoke(secret, random.below(berths.count));
      if (answer !== "done") continue;
      this.#revoked.push(secret);
      return lookEverywhere(witness, berths, [{ secret }]);
    }
  }
}
