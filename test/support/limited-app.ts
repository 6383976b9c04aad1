import { type BucketSize, TokenBuckets } from "../../src/adapters/runtime/token-buckets.ts";
import { createApp } from "../../src/http/app.ts";
import type { TestBerth } from "./berth-app.ts";
import type { App } from "./requests.ts";
import { notAtHand, workerUnderTest } from "./worker-berth.ts";

/** Berth with a limit of requests by address: gives the app as it is to who connects from an address. */
export function limitedApp(
  berth: Pick<TestBerth, "deps" | "clock">,
  size: BucketSize,
): (address: string | undefined) => App {
  if (workerUnderTest() !== undefined) notAtHand("another app on the same store");
  const app = createApp({
    ...berth.deps,
    addressLimit: new TokenBuckets(size, berth.clock),
    peerAddress: (env) => (env as { readonly address?: string } | undefined)?.address,
  });
  return (address) => ({ request: (input, init) => app.request(input, init, { address }) });
}
