import { expect, it } from "vitest";
import { webRandom } from "./web-random.ts";

it("draws as many bytes as asked, and others each time", () => {
  expect([0, 1, 16, 64].map((count) => webRandom(count).length)).toEqual([0, 1, 16, 64]);
  const drawn = Array.from({ length: 100 }, () => Buffer.from(webRandom(16)).toString("hex"));
  expect(new Set(drawn).size).toBe(100);
});
