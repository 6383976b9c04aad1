import type { Scene } from "../scene.ts";

const ATTEMPTS = 3;

/** A job that asks until it is answered, and logs in with what it got, somewhere else. */
export async function honest({ witness, berths, random }: Scene): Promise<void> {
  const token = await witness.newJobToken();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { answer, secret } = await witness.exchange(token, random.below(berths.count));
    if (secret !== undefined) await witness.login(secret, random.below(berths.count));
    if (answer !== "unavailable" && answer !== "lost") return;
  }
}
