import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ports that a system hands out by itself (Linux: from 32,768): nobody gets one by chance. */
const FIRST = 10_000;
const LAST = 32_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
