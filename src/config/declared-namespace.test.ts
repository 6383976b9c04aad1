import { describe, expect, it } from "vitest";
import { changedText, problemsOf } from "../../test/support/declaration-text.ts";

describe("how the parts of a declaration fit together", () => {
  const RULE = "namespaces[0].robots[0].rules[0]";
  const ROBOT = "namespaces[0].robots[0]";
  const CLAIMS = `${RULE}.claims`;

  it.each([
    {
      from: "    token: x5c\n",
      to: "    token: x5c\n  - { service: registry.example.com, url: https://b, token: kid }\n",
      problem: "f:11:16: registries[1].service: stands twice; first at f:8:14",
    },
    {
      from: "namespaces:\n",
      to: "namespaces:\n  - name: acme\n",
      problem: "f:13:11: namespaces[1].name: stands twice; first at f:12:11",
    },
    {
      from: "    robots:\n",
      to: "    robots:\n      - name: builder\n",
      problem: "f:15:15: namespaces[0].robots[1].name: stands twice; first at f:14:15",
    },
    {
      from: "{ repository: acme/*, role: write }",
      to: "{ registry: registry.exmple.com, repository: acme/*, role: write }",
      problem: `f:16:25: ${ROBOT}.permissions[0].registry: is not the service of a declared registry; did you mean registry.example.com?`,
    },
    {
      from: "    token: x5c\n",
      to: "    token: x5c\n  - { service: b, url: https://b, token: kid }\n",
      problem: `f:17:13: ${ROBOT}.permissions[0]: needs a registry: 2 are declared, so none goes without saying`,
    },
    {
      from: "- issuer: https://issuer.example.com",
      to: "- issuer: https://issuer.example.com/",
      problem: `f:18:21: ${RULE}.issuer: is not the URL of a declared issuer; did you mean https://issuer.example.com?`,
    },
    {
      from: "audience: other",
      to: "audience: othr",
      problem: `f:20:23: ${RULE}.audience: is not one of the issuer's audiences; did you mean other?`,
    },
    {
      from: "repository_id: 4711",
      to: 'repository_id: ""',
      problem: `f:22:30: ${CLAIMS}.repository_id: must not be empty: a claim that is empty counts as absent`,
    },
    {
      from: "repository_id: 4711",
      to: 'repository_id: [a, ""]',
      problem: `f:22:34: ${CLAIMS}.repository_id[1]: must not be empty: a claim that is empty counts as absent`,
    },
    {
      from: "repository_id: 4711",
      to: "repository_id: 0x1f",
      problem: `f:22:30: ${CLAIMS}.repository_id: is not a number as JSON writes it; put it in quotes`,
    },
    {
      from: "repository_id: 4711",
      to: "repository_id: 007",
      problem: `f:22:30: ${CLAIMS}.repository_id: is not a number as JSON writes it; put it in quotes`,
    },
    {
      from: "repository_id: 4711",
      to: `repository_id: ${"x".repeat(2049)}`,
      problem: `f:22:30: ${CLAIMS}.repository_id: must be at most 2048 characters`,
    },
    {
      from: "repository_id: 4711",
      to: "sub: x",
      problem: `f:22:20: ${CLAIMS}.sub: is what subject says; leave it out`,
    },
    {
      from: "repository_id: 4711",
      to: "exp: 1",
      problem: `f:22:20: ${CLAIMS}.exp: is checked already; leave it out`,
    },
    {
      from: "{ registry: registry.example.com, ",
      to: "{ registry: elsewhere, ",
      problem: `f:24:29: ${RULE}.permissions[0].registry: is not the service of a declared registry`,
    },
  ])("refuses $problem", ({ from, to, problem }) => {
    expect(problemsOf(changedText(from, to))).toEqual([problem]);
  });

  it("lets an operator permit outside of the robot's namespace", () => {
    expect(
      problemsOf(
        changedText(
          "{ repository: acme/*, role: write }",
          "{ repository: acme/*, role: write }\n          - { repository: other/app, role: read }",
        ),
      ),
    ).toEqual([]);
  });
});
