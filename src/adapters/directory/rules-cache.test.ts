import { describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { type HeldRules, RulesCache } from "./rules-cache.ts";

function held(revision: string, count = 1): HeldRules {
  return { revision, rules: Array.from({ length: count }, () => aRule()) };
}

function heldRobots(cache: RulesCache, robots: readonly RobotName[]): RobotName[] {
  return robots.filter((robot) => cache.find(robot) !== undefined);
}

describe("the rules cache", () => {
  it("holds one revision of a robot: the last", () => {
    const cache = new RulesCache(10);
    cache.hold("acme+one", held("1"));
    cache.hold("acme+one", held("2"));
    expect(cache.find("acme+one")).toStrictEqual(held("2"));
    expect(cache.find("acme+two")).toBeUndefined();
  });

  it("drops the robots that were used longest ago when there are too many rules", () => {
    const cache = new RulesCache(10);
    cache.hold("acme+one", held("1", 4));
    cache.hold("acme+two", held("1", 4));
    cache.find("acme+one");
    cache.hold("acme+three", held("1", 4));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three"])).toStrictEqual([
      "acme+one",
      "acme+three",
    ]);
  });

  it("counts a robot without rules, and forgets the weight of what it replaced", () => {
    const cache = new RulesCache(3);
    cache.hold("acme+one", held("1", 3));
    cache.hold("acme+one", held("2", 0));
    cache.hold("acme+two", held("1", 0));
    cache.hold("acme+three", held("1", 0));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three"])).toHaveLength(3);
    cache.hold("acme+four", held("1", 0));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three", "acme+four"])).toHaveLength(3);
  });

  it("holds nothing that is too large by itself", () => {
    const cache = new RulesCache(3);
    cache.hold("acme+one", held("1", 4));
    expect(cache.find("acme+one")).toBeUndefined();
  });
});
