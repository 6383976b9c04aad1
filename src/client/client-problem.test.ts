import { describe, expect, it } from "vitest";
import { clientProblem, PROBLEM_TEXTS, plain } from "./client-problem.ts";

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

  it.each([
    ["a line break, which could begin a CI command", "a\n::set-env name=x::y", "a\\u{a}::set-env name=x::y"],
    ["a cursor's move", "\u001b[2J", "\\u{1b}[2J"],
    ["a change of direction", "a\u202eb", "a\\u{202e}b"],
    ["an identity token", "got eyJhbGciOi.eyJpc3Mi.c2ln here", "got [an identity token] here"],
    ["a token that was cut", "eyJhbGciOi.eyJpc3", "[an identity token]"],
    ["a credential", "brc_07abcDEF0123456789", "[a secret]"],
    ["what is long", "x".repeat(600), `${"x".repeat(512)}…`],
  ])("lets nothing through of %s", (_, value, expected) => {
    expect(plain(value)).toBe(expected);
  });
});
