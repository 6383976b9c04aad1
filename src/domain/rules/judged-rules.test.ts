import { describe, expect, it } from "vitest";
import { aRule, SERVICE } from "../../../test/support/baseline.ts";
import { aLintContext, aSafeRule } from "../../../test/support/linted-rule.ts";
import type { FederationRule } from "./federation-rule.ts";
import { judgeRules } from "./judged-rules.ts";

const SAFE = ruleOf("safe");
/** Behind all others, since it matches what they do; and lets in whoever has an account of the platform. */
const OPEN = ruleOf("open", { subject: "**", claims: {} });
/** All that SAFE matches, and more. */
const WIDE = ruleOf("wide", { subject: "repo:acme/app:**" });
const BEYOND = ruleOf("beyond", {
  subject: "repo:acme/app:ref:refs/heads/other",
  permissions: [{ registry: SERVICE, repository: "other/app", role: "read" }],
});

function ruleOf(id: string, change: Partial<FederationRule> = {}): FederationRule {
  return { ...aRule(), ...aSafeRule(), id, ...change };
}

function refusedOf(
  before: readonly FederationRule[],
  after: readonly FederationRule[],
  written: readonly string[] = [],
) {
  const { refused } = judgeRules(before, after, new Set(written), aLintContext());
  return refused.map(({ ruleIndex, code }) => `${ruleIndex} ${code}`);
}

describe("judgeRules", () => {
  it.each<{
    what: string;
    before: readonly FederationRule[];
    after: readonly FederationRule[];
    written?: readonly string[];
    refused: readonly string[];
  }>([
    { what: "nothing of safe rules", before: [], after: [SAFE], written: ["safe"], refused: [] },
    {
      what: "what is wrong with a new rule",
      before: [SAFE],
      after: [SAFE, OPEN],
      written: ["open"],
      refused: ["1 pins-nothing"],
    },
    {
      what: "what is still wrong with a rule that is written anew",
      before: [SAFE, OPEN],
      after: [SAFE, { ...OPEN, ttlSeconds: 300 }],
      written: ["open"],
      refused: ["1 pins-nothing"],
    },
    {
      what: "nothing of a rule that was wrong before, wherever it stands now",
      before: [SAFE, OPEN],
      after: [OPEN],
      refused: [],
    },
    {
      what: "what a new rule does to another",
      before: [SAFE],
      after: [WIDE, SAFE],
      written: ["wide"],
      refused: ["1 unreachable-rule"],
    },
    {
      what: "what another order does to a rule",
      before: [SAFE, WIDE],
      after: [WIDE, SAFE],
      refused: ["1 unreachable-rule"],
    },
    {
      what: "what is wrong with a new rule, and not what was wrong with another",
      before: [SAFE, OPEN],
      after: [SAFE, BEYOND, OPEN],
      written: ["beyond"],
      refused: ["1 permission-beyond-robot"],
    },
    {
      what: "another fault of a rule that had one",
      before: [SAFE, WIDE, { ...BEYOND, permissions: [] }, OPEN],
      after: [SAFE, WIDE, BEYOND, OPEN],
      refused: ["2 permission-beyond-robot"],
    },
  ])("says $what", ({ before, after, written, refused }) => {
    expect(refusedOf(before, after, written)).toEqual(refused);
  });

  it.each([{ written: [] }, { written: ["named"] }])(
    "warns of all rules, and keeps nobody from saving what it warns of: $written",
    ({ written }) => {
      const named = ruleOf("named", { claims: {}, subject: "repo:acme/app:ref:refs/heads/main" });
      const judged = judgeRules([OPEN], [named, OPEN], new Set(written), aLintContext());
      expect(judged.warnings.map(({ ruleIndex, code }) => `${ruleIndex} ${code}`)).toEqual([
        "0 recyclable-name",
        "0 customisable-subject",
      ]);
      expect(judged.refused).toEqual([]);
    },
  );
});
