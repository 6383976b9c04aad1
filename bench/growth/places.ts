import type { RobotName } from "../../src/domain/access/names.ts";
import { robotAt } from "../scale/records.ts";

/** The namespace of WARM_ROBOTS robots, and the one with half of all; each robot has one rule. */
export const FEW = "few";
export const MANY = "many";
/** The namespace of robots with many rules. */
export const RULED = "ruled";

/** Robots that are used over and over: their rules are in the cache. */
export const WARM_ROBOTS = 10;
/** With 1,000 rules each they are more than the cache of rules holds. */
export const RULED_ROBOTS = 60;

export function robotsFrom(namespace: string, from: number, count: number): readonly RobotName[] {
  return Array.from({ length: count }, (_, at) => robotAt(namespace, from + at));
}
