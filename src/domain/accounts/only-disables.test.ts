import { describe, expect, it } from "vitest";
import { aRobot, aRule } from "../../../test/support/baseline.ts";
import type { RobotContent } from "./next-robot.ts";
import { onlyDisables } from "./only-disables.ts";

const [ONE, TWO] = [aRule({ id: "rule-1" }), aRule({ id: "rule-2", subject: "other" })];
const OLD = aRobot({ rules: [ONE, TWO] });

const becomes = (change: Partial<RobotContent>, old: RobotContent = OLD) =>
  onlyDisables(old, { ...old, ...change });

describe("onlyDisables", () => {
  it.each<{ what: string; change: Partial<RobotContent> }>([
    { what: "nothing", change: {} },
    { what: "the robot disabled", change: { enabled: false } },
    { what: "a rule disabled, whose nonce is new", change: { rules: [ONE, { ...TWO, ...off("new") }] } },
    {
      what: "all of it disabled",
      change: {
        enabled: false,
        rules: [
          { ...ONE, ...off("a") },
          { ...TWO, ...off("b") },
        ],
      },
    },
  ])("takes $what", ({ change }) => {
    expect(becomes(change)).toBe(true);
  });

  it.each<{ what: string; change: Partial<RobotContent>; old?: Partial<RobotContent> }>([
    { what: "another description", change: { description: "mine" } },
    { what: "a permission more", change: { permissions: [...OLD.permissions, ...OLD.permissions] } },
    { what: "the robot disabled, and more", change: { enabled: false, catalog: true } },
    { what: "the robot enabled", old: { enabled: false }, change: { enabled: true } },
    { what: "a rule gone", change: { rules: [ONE] } },
    { what: "a rule more", change: { rules: [ONE, TWO, TWO] } },
    { what: "rules in another order", change: { rules: [TWO, ONE] } },
    { what: "a rule with another subject", change: { rules: [ONE, { ...TWO, subject: "wider" }] } },
    {
      what: "a rule disabled, and wider",
      change: { rules: [ONE, { ...TWO, ...off("new"), subject: "wider" }] },
    },
    { what: "a new nonce for a rule that stays", change: { rules: [ONE, { ...TWO, nonce: "new" }] } },
    {
      what: "a rule enabled",
      old: { rules: [ONE, { ...TWO, enabled: false }] },
      change: { rules: [ONE, TWO] },
    },
    {
      what: "a new nonce for a rule that was disabled",
      old: { rules: [{ ...ONE, enabled: false }] },
      change: { rules: [{ ...ONE, ...off("new") }] },
    },
  ])("takes no $what", ({ change, old = {} }) => {
    expect(becomes(change, { ...OLD, ...old })).toBe(false);
  });
});

function off(nonce: string) {
  return { enabled: false, nonce };
}
