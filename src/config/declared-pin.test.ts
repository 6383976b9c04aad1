import { describe, expect, it } from "vitest";
import { changedText, parseText, problemsOf } from "../../test/support/declaration-text.ts";

const AT = "namespaces[0].robots[0].rules[0].pin";
const SUBJECT = "subject: repo:acme/app:ref:refs/heads/main";

/** The declaration with another family of issuer, another subject, no claims but `claims`, and a pin. */
function pinning(profile: string, subject: string, claims = "{}"): string {
  return changedText("audience: other\n", "audience: other\n            pin: first-use\n")
    .replace("ca_file: ca.pem", `ca_file: ca.pem\n    profile: ${profile}`)
    .replace(SUBJECT, `subject: ${subject}`)
    .replace("claims:\n              repository_id: 4711", `claims: ${claims}`);
}

describe("pin", () => {
  it.each([
    ["github", "repo:acme/app:ref:refs/heads/main", "{}"],
    ["github", "repo:acme/app:ref:refs/heads/main", "{ repository_owner_id: 42 }"],
    ["kubernetes", "system:serviceaccount:ci:builder", "{}"],
    ["gitlab", "project_path:acme/app:ref_type:branch:ref:main", "{ ref_protected: true }"],
  ])("is read from a rule of %s for %s with %s", (profile, subject, claims) => {
    const parsed = parseText(pinning(profile, subject, claims));
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.value.namespaces[0]?.robots[0]?.rules[0]?.pin).toBe("first-use");
  });

  it.each([
    ["generic", "repo:acme/app:ref:refs/heads/main"],
    ["jenkins", "https://jenkins.example.com/job/app/"],
    ["bitbucket", "x"],
  ])("is refused for an issuer of %s, of which no ids are known", (profile, subject) => {
    expect(problemsOf(pinning(profile, subject))).toEqual([
      `f:22:18: ${AT}: has nothing to record: the profile ${profile} knows no ids; leave it out`,
    ]);
  });

  it("is refused for a rule that names ids alone", () => {
    const text = pinning("github", "repo:acme@42/app@4711:ref:refs/heads/main");
    expect(problemsOf(text)).toEqual([
      `f:22:18: ${AT}: has nothing to record: the rule writes out no name that has an id behind it; leave it out`,
    ]);
  });

  it("is first-use or nothing", () => {
    const text = pinning("github", "repo:acme/app:ref:refs/heads/main").replace("first-use", "always");
    expect(problemsOf(text)).toEqual([`f:22:18: ${AT}: must be one of first-use`]);
  });

  it("is not judged for an issuer that is not declared", () => {
    const text = pinning("generic", "x").replace(
      "- issuer: https://issuer.example.com",
      "- issuer: https://b",
    );
    expect(problemsOf(text)).toEqual([expect.stringContaining("is not the URL of a declared issuer")]);
  });
});
