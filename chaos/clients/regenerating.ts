import type { Scene } from "../scene.ts";
import { lookEverywhere } from "./look.ts";

/** Of what is long dead one of these is tried at each turn. */
const RECENT = 30;

/** One who gives a robot account new robot tokens, and looks whether all that it had before is dead. */
export function regenerating({ witness, berths, random }: Scene, robot: string): () => Promise<void> {
  const dead: number[] = [];
  let alive: number[] = [];
  const place = () => random.below(berths.count);
  return async () => {
    const { secret } = await witness.exchange(await witness.newJobToken(robot), place());
    if (secret !== undefined) alive.push(secret);
    const { ending, robotToken } = await witness.regenerate(robot, alive, place());
    if (ending.answer === "done") {
      await lookEverywhere(
        witness,
        berths,
        alive.map((ended) => ({ secret: ended })),
      );
      dead.push(...alive);
      alive = robotToken === undefined ? [] : [robotToken];
    }
    for (const one of [robotToken, random.pick(dead.slice(-RECENT))])
      if (one !== undefined) await witness.login(one, place());
  };
}
