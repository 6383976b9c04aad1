import type { Scene } from "../scene.ts";
import { lookEverywhere } from "./look.ts";

/**
 * A job whose answers get lost on their way, so that it asks again, elsewhere, with its retry key: twice one after
 * the other, and then two at once. This program has seen the lost answers all the same, and looks whether what they
 * brought still lives.
 */
export async function retrying({ witness, berths, random }: Scene): Promise<void> {
  const token = await witness.newJobToken();
  const ask = () => witness.exchange(token, random.below(berths.count), { retry: true });
  const [first, second] = [await ask(), await ask()];
  await lookEverywhere(witness, berths, [first, second]);
  const more = await Promise.all([ask(), ask()]);
  await lookEverywhere(witness, berths, [first, second, ...more]);
}
