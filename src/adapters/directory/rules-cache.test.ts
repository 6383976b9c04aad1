import { describe, expect, it } from "vitest";
import { aRule } from "../../../test/support/baseline.ts";
import { bytesKept, REQUEST_BYTES } from "../../../test/support/bytes-kept.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { type HeldRules, RulesCache } from "./rules-cache.ts";

/** What a robot weighs besides its rules. */
const A_ROBOT = 250;

function held(revision: string, characters = 100): HeldRules {
  return { revision, rules: [aRule()], characters };
}

function heldRobots(cache: RulesCache, robots: readonly RobotName[]): RobotName[] {
  return robots.filter((robot) => cache.find(robot) !== undefined);
}

describe("the rules cache", () => {
  it("holds one revision of a robot: the last", () => {
    const cache = new RulesCache(1000);
    cache.hold("acme+one", held("1"));
    cache.hold("acme+one", held("2"));
    expect(cache.find("acme+one")).toStrictEqual(held("2"));
    expect(cache.find("acme+two")).toBeUndefined();
  });

  it("drops the robots that were used longest ago when the texts of the rules are too long", () => {
    const cache = new RulesCache(2 * (A_ROBOT + 400));
    cache.hold("acme+one", held("1", 400));
    cache.hold("acme+two", held("1", 400));
    cache.find("acme+one");
    cache.hold("acme+three", held("1", 400));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three"])).toStrictEqual([
      "acme+one",
      "acme+three",
    ]);
  });

  it("counts a robot without rules, and forgets the weight of what it replaced", () => {
    const cache = new RulesCache(3 * A_ROBOT);
    cache.hold("acme+one", held("1", 2 * A_ROBOT));
    cache.hold("acme+one", held("2", 0));
    cache.hold("acme+two", held("1", 0));
    cache.hold("acme+three", held("1", 0));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three"])).toHaveLength(3);
    cache.hold("acme+four", held("1", 0));
    expect(heldRobots(cache, ["acme+one", "acme+two", "acme+three", "acme+four"])).toHaveLength(3);
  });

  it("holds nothing that is too large by itself", () => {
    const cache = new RulesCache(1000);
    cache.hold("acme+one", held("1", 1000 - A_ROBOT));
    expect(cache.find("acme+one")).toBeDefined();
    cache.hold("acme+one", held("2", 1001 - A_ROBOT));
    expect(cache.find("acme+one")).toBeUndefined();
  });

  it("keeps nothing of the requests that the names were cut from", () => {
    const rules = held("1");
    const holdAndFind = (cache: RulesCache, name: string) => {
      cache.hold(name as RobotName, rules);
      cache.find(name as RobotName);
    };
    expect(bytesKept(new RulesCache(), holdAndFind)).toBeLessThan(REQUEST_BYTES / 10);
  });
});
