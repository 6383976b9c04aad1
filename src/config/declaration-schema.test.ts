import { describe, expect, it } from "vitest";
import { changedText, problemsOf } from "../../test/support/declaration-text.ts";

describe("the form of a declaration", () => {
  const RULE = "namespaces[0].robots[0].rules[0]";
  const ROBOT = "namespaces[0].robots[0]";
  const EMPTY = "must not be empty; write ** for any subject, and claims that say whose jobs they are";
  const TEMPLATE =
    "must be a repository name or pattern, such as acme/app, acme/* or acme/{repository_name}; its first part is neither a pattern nor a variable, and a part holds one variable at most, without a star";
  const PATTERN =
    "must be a repository name or pattern, such as acme/app, acme/* or acme/**; its first part is never a pattern";
  const CLAIM = "must be text, a number, true or false, or a list of these";
  // attack 89
  it.each([
    {
      from: "revision: 3",
      to: "revision: -1",
      problem: "f:1:11: revision: must be a whole number of at least 0",
    },
    {
      from: "revision: 3",
      to: "revision: 3.5",
      problem: "f:1:11: revision: must be a whole number of at least 0",
    },
    {
      from: "revision: 3",
      to: "revison: 3",
      problem: "f:1:1: revison: is not a field; did you mean revision?",
    },
    { from: "revision: 3", to: "issues: 3", problem: "f:1:1: issues: is not a field; did you mean issuers?" },
    { from: "revision: 3", to: "something: 3", problem: "f:1:1: something: is not a field" },
    {
      from: "service: registry.example.com",
      to: "service: 'a{b}'",
      problem:
        "f:8:14: registries[0].service: must be 1 to 255 letters, digits and . _ : / - or spaces between",
    },
    {
      from: "url: https://registry.example.com",
      to: "url: registry.example.com",
      problem: "f:9:10: registries[0].url: must be an http or https URL without user name, query or fragment",
    },
    {
      from: "url: https://registry.example.com",
      to: "url: https://a:b@registry.example.com",
      problem: "f:9:10: registries[0].url: must be an http or https URL without user name, query or fragment",
    },
    {
      from: "token: x5c",
      to: "token: jwt",
      problem: "f:10:12: registries[0].token: must be one of x5c, kid, pinned",
    },
    {
      from: "token: x5c",
      to: "token: x5c\n    token_seconds: 301",
      problem: "f:11:20: registries[0].token_seconds: must be a whole number from 60 to 300",
    },
    {
      from: "token: x5c",
      to: "token: x5c\n    anonymous_pull: ['**']",
      problem: `f:11:22: registries[0].anonymous_pull[0]: ${PATTERN}`,
    },
    {
      from: "- name: acme",
      to: "- name: Acme",
      problem:
        "f:12:11: namespaces[0].name: must be the first part of a repository name, or _ for names of one part",
    },
    {
      from: "- name: acme",
      to: "- name: 4711",
      problem: "f:12:11: namespaces[0].name: must be text; put it in quotes",
    },
    {
      from: "- name: acme",
      to: "- name: true",
      problem: "f:12:11: namespaces[0].name: must be text; put it in quotes",
    },
    {
      from: "- name: acme",
      to: "- name: acme\n    kind: team",
      problem: "f:13:11: namespaces[0].kind: must be one of organization, user",
    },
    {
      from: "namespaces:\n",
      to: "namespaces:\n  - name: b\n    robots:\n",
      problem: "f:13:12: namespaces[0].robots: must be a list; write [] for none",
    },
    {
      from: "- name: builder",
      to: "- name: b",
      problem: `f:14:15: ${ROBOT}.name: must be 2 to 126 lower-case letters and digits, with single . _ - between`,
    },
    {
      from: "- name: builder",
      to: `- name: builder\n        token_hash: ${"0a".repeat(32)}`,
      problem: `f:15:21: ${ROBOT}.token_hash: must be sha256: and 64 lower-case hexadecimal digits`,
    },
    {
      from: "- name: builder",
      to: `- name: builder\n        description: ${"x".repeat(1001)}`,
      problem: `f:15:22: ${ROBOT}.description: must be at most 1000 characters`,
    },
    {
      from: "audience: other",
      to: "audience: other\n            api_scopes: ['super:user']",
      problem: `f:21:26: ${ROBOT}.rules[0].api_scopes[0]: must be one of org:read, robots:write, permissions:write, rules:write`,
    },
    {
      from: "audience: other",
      to: "audience: other\n            api_scopes: []",
      problem: `f:21:25: ${ROBOT}.rules[0].api_scopes: must name at least one scope`,
    },
    {
      from: "repository: acme/*",
      to: "repository: '*/app'",
      problem: `f:16:27: ${ROBOT}.permissions[0].repository: ${PATTERN}`,
    },
    {
      from: "repository: acme/*",
      to: "repository: 'acme/{repository_name}'",
      problem: `f:16:27: ${ROBOT}.permissions[0].repository: ${PATTERN}`,
    },
    {
      from: "repository: acme/app",
      to: "repository: '{repository_name}/app'",
      problem: `f:24:63: ${RULE}.permissions[0].repository: ${TEMPLATE}`,
    },
    {
      from: "role: write",
      to: "role: WRITE",
      problem: `f:16:41: ${ROBOT}.permissions[0].role: must be one of read, write, admin`,
    },
    {
      from: "subject: repo:acme/app:ref:refs/heads/main",
      to: "subject: ''",
      problem: `f:19:22: ${RULE}.subject: ${EMPTY}`,
    },
    {
      from: "subject: repo:acme/app:ref:refs/heads/main",
      to: `subject: ${"x".repeat(2049)}`,
      problem: `f:19:22: ${RULE}.subject: must be at most 2048 characters`,
    },
    {
      from: "            subject: repo:acme/app:ref:refs/heads/main\n",
      to: "",
      problem: `f:18:13: ${RULE}.subject: is required`,
    },
    {
      from: "repository_id: 4711",
      to: "repository_id: null",
      problem: `f:22:30: ${RULE}.claims.repository_id: ${CLAIM}`,
    },
    {
      from: "repository_id: 4711",
      to: "repository_id: []",
      problem: `f:22:30: ${RULE}.claims.repository_id: must hold at least one value`,
    },
    {
      from: "repository_id: 4711",
      to: "repository_id: .nan",
      problem: `f:22:30: ${RULE}.claims.repository_id: ${CLAIM}`,
    },
    {
      from: "audience: other",
      to: "ttl_seconds: 299",
      problem: `f:20:26: ${RULE}.ttl_seconds: must be a whole number from 300 to 3600`,
    },
  ])("refuses $problem", ({ from, to, problem }) => {
    expect(problemsOf(changedText(from, to))).toEqual([problem]);
  });

  it("refuses the 1,001st rule", () => {
    const rules = Array.from({ length: 1001 }, (_, at) => ({
      issuer: "https://i.example.com",
      subject: `${at}`,
    }));
    const text = JSON.stringify({
      issuers: [{ url: "https://i.example.com" }],
      namespaces: [{ name: "acme", robots: [{ name: "builder", rules }] }],
    });
    const at = text.indexOf('[{"issuer"') + 1;
    expect(problemsOf(text)).toEqual([
      `f:1:${at}: namespaces[0].robots[0].rules: must be at most 1000 rules; share them out over several robots`,
    ]);
    expect(problemsOf(text.replace(/,\{"issuer":"https:\/\/i.example.com","subject":"1000"\}/, ""))).toEqual(
      [],
    );
  });

  it("refuses rules that are too long together", () => {
    const textOf = (values: number) =>
      JSON.stringify({
        issuers: [{ url: "https://i.example.com" }],
        namespaces: [
          {
            name: "acme",
            robots: [
              {
                name: "builder",
                rules: [
                  {
                    issuer: "https://i.example.com",
                    subject: "a",
                    claims: { team: Array.from({ length: values }, () => "t".repeat(1021)) },
                  },
                ],
              },
            ],
          },
        ],
      });
    // 1,024 characters each, with quotes and comma; the rest of the rule is less than one of them.
    expect(problemsOf(textOf(1023))).toEqual([]);
    const text = textOf(1024);
    expect(problemsOf(text)).toEqual([
      `f:1:${text.indexOf('[{"issuer"') + 1}: namespaces[0].robots[0].rules: must have at most 1048576 characters as JSON; share them out over several robots`,
    ]);
  });

  it("tells every problem, in the order of the lines", () => {
    const text = changedText("token: x5c", "token: jwt")
      .replace("role: write", "role: all")
      .replace("revision: 3", "rev: 3");
    expect(problemsOf(text)).toEqual([
      "f:1:1: rev: is not a field",
      "f:10:12: registries[0].token: must be one of x5c, kid, pinned",
      `f:16:41: ${ROBOT}.permissions[0].role: must be one of read, write, admin`,
    ]);
  });
});
