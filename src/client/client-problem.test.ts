import { describe, expect, it } from "vitest";
import { clientProblem, PROBLEM_TEXTS } from "./client-problem.ts";

describe("a problem's text", () => {
  it("has its facts in both sentences", () => {
    expect(clientProblem("too_many_credentials", { robot: "acme+builder" })).toEqual({
      code: "too_many_credentials",
      message: "acme+builder has as many live credentials as it may have.",
      mend: PROBLEM_TEXTS.too_many_credentials.mend,
    });
  });

  it("takes braces in a fact as they are", () => {
    const { message } = clientProblem("audience_wrong", { actual: "{wanted}", wanted: "x", mend: "" });
    expect(message).toContain("for {wanted}, and Berth is x");
  });
});
