import { expect, it } from "vitest";
import { slotOfKey } from "./key-slot.ts";

it.each([
  // As CLUSTER KEYSLOT of Redis 7.0 answers.
  ["123456789", 12_739],
  ["foo{hash_tag}", 2515],
  ["bar{hash_tag}", 2515],
  ["foo{}{bar}", 8363],
  ["foo{{bar}}zap", 4015],
  ["foo{bar}{zap}", 5061],
  ["berth:{s:07}:epoch", 6380],
  ["berth:{n:acmé}:meta", 10_081],
  ["", 0],
])("finds the slot of %j", (key, slot) => {
  expect(slotOfKey(key)).toBe(slot);
});
