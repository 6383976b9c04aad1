import type { RobotName } from "../../domain/access/names.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";

/** All robots' rules together; about 1 KB each. */
const MAX_HELD_RULES = 20_000;

/**
 * A robot's rules, parsed. One revision never means two lists of rules, not even after a store has lost its last
 * writes, so it is a hash of them and not a counter.
 */
export interface HeldRules {
  readonly revision: string;
  readonly rules: readonly FederationRule[];
}

/**
 * Parsed rules of the robots that were used last. What is held is right for its revision alone: each read asks
 * the store whether that is still the robot's, so that nothing here is ever too old.
 */
export class RulesCache {
  readonly #maxRules: number;
  /** The robot that was used longest ago is the first. */
  readonly #held = new Map<RobotName, HeldRules>();
  #weight = 0;

  constructor(maxRules = MAX_HELD_RULES) {
    this.#maxRules = maxRules;
  }

  find(robot: RobotName): HeldRules | undefined {
    const held = this.#held.get(robot);
    if (held !== undefined) {
      this.#held.delete(robot);
      this.#held.set(robot, held);
    }
    return held;
  }

  hold(robot: RobotName, held: HeldRules): void {
    this.#drop(robot);
    if (weightOf(held) > this.#maxRules) return;
    this.#held.set(robot, held);
    this.#weight += weightOf(held);
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.#maxRules) break;
      this.#drop(oldest);
    }
  }

  #drop(robot: RobotName): void {
    const held = this.#held.get(robot);
    if (held === undefined) return;
    this.#held.delete(robot);
    this.#weight -= weightOf(held);
  }
}

/** One more than its rules: a robot without any takes room as well. */
function weightOf(held: HeldRules): number {
  return held.rules.length + 1;
}
