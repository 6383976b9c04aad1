import { setTimeout } from "node:timers/promises";

const INTERVAL_MS = 25;

/**
 * Asks until `look` says something other than false or undefined, and gives that. A `look` that throws has not said
 * it yet.
 *
 * @param what Names the condition in the error that is thrown when it has not come true in time.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let fault: unknown;
  do {
    try {
      const answer = await look();
      if (answer !== undefined && answer !== false) return answer;
    } catch (thrown) {
      fault = thrown;
    }
    await setTimeout(INTERVAL_MS);
  } while (performance.now() < deadline);
  throw new Error(`not within ${withinMs} ms: ${what}`, { cause: fault });
}
