import { expect, it } from "vitest";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { NearMissBuffer } from "./near-miss-buffer.ts";

const candidate = (at: number): NearMissCandidate => ({
  requestId: "request-1",
  at,
  robot: "acme+builder",
  profile: "generic",
  claims: new Map(),
});

function startBuffer() {
  const kept: number[][] = [];
  const losses: number[] = [];
  const store = { fault: undefined as Error | undefined, leftOut: 0 };
  const buffer = new NearMissBuffer(
    async (candidates) => {
      if (store.fault) throw store.fault;
      kept.push(candidates.map(({ at }) => at));
      return store.leftOut;
    },
    (lost) => losses.push(lost),
  );
  return { buffer, kept, losses, store };
}

it("hands on what was added, once", async () => {
  const { buffer, kept, losses } = startBuffer();
  buffer.add(candidate(1));
  buffer.add(candidate(2));
  await buffer.flush();
  await buffer.flush();
  expect([kept, losses]).toEqual([[[1, 2]], []]);
});

it("counts what was left out", async () => {
  const { buffer, losses, store } = startBuffer();
  store.leftOut = 3;
  buffer.add(candidate(1));
  await buffer.flush();
  expect([buffer.lost, losses]).toEqual([3, [3]]);
});

it("holds 200, and counts the rest", async () => {
  const { buffer, kept, losses } = startBuffer();
  for (let at = 0; at < 205; at += 1) buffer.add(candidate(at));
  await buffer.flush();
  expect(kept[0]).toEqual(Array.from({ length: 200 }, (_, at) => at));
  expect([buffer.lost, losses]).toEqual([5, [5]]);
  buffer.add(candidate(205));
  await buffer.flush();
  expect([kept[1], buffer.lost]).toEqual([[205], 5]);
});

it.each([new UnavailableError("down"), new TypeError("a bug")])(
  "loses what the store does not take: %s",
  async (fault) => {
    const { buffer, kept, losses, store } = startBuffer();
    store.fault = fault;
    buffer.add(candidate(1));
    await buffer.flush();
    store.fault = undefined;
    buffer.add(candidate(2));
    await buffer.flush();
    expect([kept, buffer.lost, losses]).toEqual([[[2]], 1, [1]]);
  },
);
