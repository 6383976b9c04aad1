import { describe, expect, it } from "vitest";
import { changedText, problemsOf } from "../../support/declaration-text.ts";

const RULE = "namespaces[0].robots[0].rules[0]";
const ISSUER = "issuer: https://issuer.example.com\n            ";
const SUBJECT = "subject: repo:acme/app:ref:refs/heads/main\n            ";
const CLAIMS = "claims:\n              repository_id: 4711\n            ";

// attack 56
describe("a rule that lets in whoever comes", () => {
  it.each([
    {
      what: "of an issuer and an audience alone",
      from: SUBJECT,
      to: "",
      problems: [`f:18:13: ${RULE}.subject: is required`],
    },
    {
      what: "of a subject alone",
      from: ISSUER,
      to: "",
      problems: [`f:18:13: ${RULE}.issuer: is required`],
    },
    {
      what: "of an audience alone",
      from: ISSUER + SUBJECT,
      to: "",
      problems: [`f:18:13: ${RULE}.issuer: is required`, `f:18:13: ${RULE}.subject: is required`],
    },
    {
      what: "of an empty subject",
      from: "subject: repo:acme/app:ref:refs/heads/main",
      to: 'subject: ""',
      problems: [
        `f:19:22: ${RULE}.subject: must not be empty; write ** for any subject, and claims that say whose jobs they are`,
      ],
    },
    {
      what: "of a claim without values",
      from: "repository_id: 4711",
      to: "repository_id: []",
      problems: [`f:22:30: ${RULE}.claims.repository_id: must hold at least one value`],
    },
    {
      what: "of claims alone that are misspelt",
      from: CLAIMS,
      to: "claim: { repository_id: 4711 }\n            ",
      problems: [`f:21:13: ${RULE}.claim: is not a field; did you mean claims?`],
    },
  ])("$what is refused", ({ from, to, problems }) => {
    expect(problemsOf(changedText(from, to))).toEqual(problems);
  });
});
