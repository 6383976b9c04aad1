import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const COUNT = 2000;
/** What a name is cut from. */
export const REQUEST_BYTES = 10_000;

/**
 * Bytes that stay, for each of many names that are cut from requests and handed to `hold`.
 *
 * @param holder Lives for as long as is measured.
 */
export function bytesKept<Holder>(holder: Holder, hold: (holder: Holder, name: string) => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < COUNT; at += 1) {
    const request = Buffer.alloc(REQUEST_BYTES, `acme+name-of-robot-${at},`).toString("latin1");
    hold(holder, request.slice(0, `acme+name-of-robot-${at}`.length));
  }
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / COUNT;
  // So that it is not collected before.
  hold(holder, "acme+one-more");
  return bytes;
}
