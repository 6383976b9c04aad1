import type { Clock } from "../../usecases/ports.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  waitUntil: (unixMilliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, unixMilliseconds - Date.now()));
    }),
};
