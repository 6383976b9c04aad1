import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern } from "./pattern.ts";
import type { Permission } from "./permission.ts";
import { isCovered } from "./permission-cover.ts";
import { isRepositoryPattern } from "./repository.ts";

function permission(change: Partial<Permission> = {}): Permission {
  return { registry: "r", repository: "acme/app", role: "write", ...change };
}

describe("isCovered", () => {
  it.each([
    { by: permission(), covered: true },
    { by: permission({ role: "admin" }), covered: true },
    { by: permission({ role: "read" }), covered: false },
    { by: permission({ registry: "other" }), covered: false },
    { by: permission({ repository: "acme/*" }), covered: true },
    { by: permission({ repository: "acme/other" }), covered: false },
  ])("is $covered by $by", ({ by, covered }) => {
    expect(isCovered(permission(), [permission({ repository: "acme/none" }), by])).toBe(covered);
  });

  it.each([
    { narrow: "acme/*", wide: "acme/*", covered: true },
    { narrow: "acme/*", wide: "acme/**", covered: true },
    { narrow: "acme/**", wide: "acme/**", covered: true },
    { narrow: "acme/**", wide: "acme/*", covered: false },
    { narrow: "acme/**", wide: "acme/*/*", covered: false },
    { narrow: "acme/a*", wide: "acme/*", covered: true },
    { narrow: "acme/*", wide: "acme/a*", covered: false },
    { narrow: "acme/*", wide: "acme/app", covered: false },
    { narrow: "acme/a**b", wide: "acme/**", covered: true },
    { narrow: "acme/a**b", wide: "acme/a*b", covered: false },
  ])("$narrow within $wide: $covered", ({ narrow, wide, covered }) => {
    expect(isCovered(permission({ repository: narrow }), [permission({ repository: wide })])).toBe(covered);
  });

  it("never calls a pattern covered that matches a name which the wider one does not", () => {
    const pattern = fc
      .array(fc.constantFrom("a", "b", "/", "*", "**"), { minLength: 1, maxLength: 6 })
      .map((parts) => `n/${parts.join("")}`)
      .filter(isRepositoryPattern);
    const name = fc
      .array(fc.constantFrom("a", "b", "/"), { maxLength: 6 })
      .map((parts) => `n/${parts.join("")}`);
    fc.assert(
      fc.property(pattern, pattern, name, (narrow, wide, text) => {
        fc.pre(isCovered(permission({ repository: narrow }), [permission({ repository: wide })]));
        expect(matchesPattern(narrow, text) && !matchesPattern(wide, text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
