import { describe, expect, it } from "vitest";
import { aNamespace, aRobot } from "../../../test/support/baseline.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { findUses, MAX_ROBOTS_LOOKED_AT } from "./find-uses.ts";

/** Namespaces of so many robots each, by the port's own promise: in order, behind `after`, at most `limit`. */
function directoryOf(...sizes: readonly number[]) {
  const namespaces = sizes.map((size, at) => {
    const name = `n${at}`;
    const robots = Array.from({ length: size }, (_, index): Robot => {
      return aRobot({ name: `${name}+r${String(index).padStart(6, "0")}` });
    });
    return { name, robots };
  });
  let reads = 0;
  return {
    reads: () => reads,
    listNamespaces: async () => namespaces.map(({ name }) => aNamespace({ name })),
    listRobots: async (namespace: string, after: string, limit: number) => {
      reads += 1;
      const robots = namespaces.find(({ name }) => name === namespace)?.robots ?? [];
      return robots.filter(({ name }) => name > after).slice(0, limit);
    },
  };
}

const one = () => 1;
const none = () => 0;

describe("findUses", () => {
  it.each([
    { what: "no namespaces", sizes: [], count: one, found: undefined },
    { what: "robots that do not use it", sizes: [3, 0, 2], count: none, found: undefined },
    { what: "robots that do", sizes: [3, 0, 2], count: one, found: "rules that name it: 5" },
    { what: "more than a page", sizes: [1203], count: one, found: "rules that name it: 1203" },
    { what: "whole pages", sizes: [500, 1000], count: one, found: "rules that name it: 1500" },
    { what: "as many as are looked at", sizes: [MAX_ROBOTS_LOOKED_AT], count: none, found: undefined },
    {
      what: "more than are looked at",
      sizes: [MAX_ROBOTS_LOOKED_AT, 1],
      count: none,
      found: "rules of the first 10000 robots that name it: 0; there are more robots",
    },
  ])("counts those of $what", async ({ sizes, count, found }) => {
    expect(await findUses(directoryOf(...sizes), "rules", count)).toBe(found);
  });

  it("reads no further than it looks", async () => {
    const directory = directoryOf(MAX_ROBOTS_LOOKED_AT + 5000);
    await findUses(directory, "rules", one);
    expect(directory.reads()).toBe(MAX_ROBOTS_LOOKED_AT / 500 + 1);
  });
});
