import type { RobotName } from "../../domain/access/names.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { ownCopy } from "../runtime/own-copy.ts";

/** Of the texts of all robots' rules: about 30,000 rules as people write them, in 12 MiB; 100 MiB at the worst. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** What a robot takes besides: one without rules takes room as well. */
const CHARACTERS_A_ROBOT = 250;

/**
 * A robot's rules, parsed. One revision never means two lists of rules, not even after a store has lost its last
 * writes, so it is a hash of them and not a counter.
 */
export interface HeldRules {
  readonly revision: string;
  readonly rules: readonly FederationRule[];
  /** Of the text that the store has: what rules weigh is not their number, for a rule may list very many values. */
  readonly characters: number;
}

interface Entry {
  readonly robot: RobotName;
  readonly held: HeldRules;
}

/**
 * Parsed rules of the robots that were used last. What is held is right for its revision alone: each read asks
 * the store whether that is still the robot's, so that nothing here is ever too old.
 */
export class RulesCache {
  readonly #maxCharacters: number;
  /** The robot that was used longest ago is the first. */
  readonly #entries = new Map<RobotName, Entry>();
  #weight = 0;

  constructor(maxCharacters = MAX_CHARACTERS) {
    this.#maxCharacters = maxCharacters;
  }

  find(robot: RobotName): HeldRules | undefined {
    const entry = this.#entries.get(robot);
    if (entry === undefined) return undefined;
    this.#entries.delete(robot);
    this.#entries.set(entry.robot, entry);
    return entry.held;
  }

  hold(robot: RobotName, held: HeldRules): void {
    this.#drop(robot);
    if (weightOf(held) > this.#maxCharacters) return;
    const entry = { robot: ownCopy(robot), held };
    this.#entries.set(entry.robot, entry);
    this.#weight += weightOf(held);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxCharacters) break;
      this.#drop(oldest);
    }
  }

  #drop(robot: RobotName): void {
    const entry = this.#entries.get(robot);
    if (entry === undefined) return;
    this.#entries.delete(robot);
    this.#weight -= weightOf(entry.held);
  }
}

function weightOf({ characters }: HeldRules): number {
  return characters + CHARACTERS_A_ROBOT;
}
