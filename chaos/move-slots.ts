import { setTimeout } from "node:timers/promises";
import type { Scene } from "./scene.ts";

const SLOTS_MOVED = 8;
/** A slot stands between two primaries for as long as its keys take: some requests meet it there. */
const KEYS_AT_ONCE = 5;
const PAUSE_MS = 50;

/** Moves slots of the ledger and of the directory while they are in use; what ends it waits for the last to arrive. */
export async function moveSlots({ fleet, random }: Scene): Promise<() => Promise<void>> {
  if (fleet.kind !== "cluster") throw new Error("only a cluster has slots");
  const shards = random.shuffled(
    Array.from({ length: 64 }, (_, shard) => `{s:${String(shard).padStart(2, "0")}}`),
  );
  const tags = ["{n:acme}", ...shards.slice(0, SLOTS_MOVED - 1)];
  const moved = (async () => {
    for (const tag of tags) {
      const move = await fleet.moveSlot(await fleet.slotOf(tag));
      while ((await move.moveKeys(KEYS_AT_ONCE)) > 0) await setTimeout(PAUSE_MS);
      await move.finish();
    }
  })();
  // What goes wrong is told to who ends it.
  moved.catch(() => undefined);
  return () => moved;
}
