import { setTimeout } from "node:timers/promises";
import { honest } from "./clients/honest.ts";
import { regenerating } from "./clients/regenerating.ts";
import { Replayers } from "./clients/replaying.ts";
import { retrying } from "./clients/retrying.ts";
import { Revokers } from "./clients/revoking.ts";
import { REGENERATED, type Scene } from "./scene.ts";

/** Between two turns of a client: enough for each fault to meet requests of all kinds, and not to measure speed. */
const PAUSE_MS = 200;

/** Clients of every kind, for as long as the run goes on. */
export class Load {
  readonly #replayers: Replayers;
  readonly #revokers: Revokers;
  readonly #clients: readonly Promise<void>[];
  #isRunning = true;

  constructor(scene: Scene) {
    this.#replayers = new Replayers(scene);
    this.#revokers = new Revokers(scene);
    const turns = [
      ...Array.from({ length: 3 }, () => () => honest(scene)),
      ...Array.from({ length: 2 }, () => () => retrying(scene)),
      ...Array.from({ length: 2 }, () => () => this.#replayers.turn()),
      ...Array.from({ length: 2 }, () => () => this.#revokers.turn()),
      ...REGENERATED.map((robot) => regenerating(scene, robot)),
    ];
    this.#clients = turns.map((turn) => this.#repeat(turn));
  }

  /** What was shown, revoked or ended around a fault is tried again, at every Berth. */
  async tryAgain(): Promise<void> {
    await Promise.all([this.#replayers.replayRecent(), this.#revokers.lookAgain()]);
  }

  /** Ends when every client has had its answer; throws what went wrong in one, which is a fault of this program. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#clients);
  }

  async #repeat(turn: () => Promise<void>): Promise<void> {
    while (this.#isRunning) {
      await turn();
      await setTimeout(PAUSE_MS);
    }
  }
}
