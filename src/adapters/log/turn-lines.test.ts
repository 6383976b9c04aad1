import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { turnLines } from "./turn-lines.ts";

function recorder() {
  const writes: string[] = [];
  return { writes, ...turnLines((text) => void writes.push(text)) };
}

it("writes the lines of one turn together, in their order", async () => {
  const { writes, write } = recorder();
  write("one\n");
  write("two\n");
  expect(writes).toEqual([]);
  await nextTurn();
  expect(writes).toEqual(["one\ntwo\n"]);
});

it("writes those of another turn apart", async () => {
  const { writes, write } = recorder();
  write("one\n");
  await nextTurn();
  write("two\n");
  await nextTurn();
  expect(writes).toEqual(["one\n", "two\n"]);
});

it("writes what waits at once when it is told to, and not again", async () => {
  const { writes, write, flush } = recorder();
  write("one\n");
  flush();
  expect(writes).toEqual(["one\n"]);
  flush();
  await nextTurn();
  expect(writes).toEqual(["one\n"]);
});
