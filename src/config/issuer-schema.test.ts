import { describe, expect, it } from "vitest";
import { changedText, problemsOf } from "../../test/support/declaration-text.ts";

describe("the form of an issuer", () => {
  const ISSUER_URL =
    "f:3:10: issuers[0].url: must be an https URL without user name, query or fragment, exactly as the `iss` claim has it";
  const AUDIENCE =
    "f:4:17: issuers[0].audiences[0]: is the audience of another service, where such tokens are shown too; use this server's public URL";
  const STAR = "is compared exactly, so * stands for nothing; write the whole value";
  // attack 42, 45, 89
  it.each([
    {
      from: "    audiences:",
      to: "    audience:",
      problem: "f:4:5: issuers[0].audience: is not a field; did you mean audiences?",
    },
    {
      from: "  - url: https://issuer.example.com\n    audiences",
      to: "  - audiences",
      problem: "f:3:5: issuers[0].url: is required",
    },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: http://issuer.example.com\n",
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: https://me@issuer.example.com\n",
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: https://issuer.example.com?a\n",
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: 'url: "https://issuer.example.com#"\n',
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: https:///issuer.example.com\n",
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: https://issuer.example.com\\a\n",
      problem: ISSUER_URL,
    },
    { from: "url: https://issuer.example.com\n", to: "url: https://*.example.com\n", problem: ISSUER_URL },
    {
      from: "url: https://issuer.example.com\n",
      to: "url: https://issüer.example.com\n",
      problem: ISSUER_URL,
    },
    {
      from: "url: https://issuer.example.com\n",
      to: `url: https://a/${"a".repeat(512)}\n`,
      problem: ISSUER_URL,
    },
    { from: "url: https://issuer.example.com\n", to: "url: https://a:b\n", problem: ISSUER_URL },
    { from: "[https://berth.example.com, other]", to: "[sts.amazonaws.com, other]", problem: AUDIENCE },
    { from: "[https://berth.example.com, other]", to: "[sigstore, other]", problem: AUDIENCE },
    {
      from: "[https://berth.example.com, other]",
      to: "['api://AzureADTokenExchange', other]",
      problem: AUDIENCE,
    },
    { from: "[https://berth.example.com, other]", to: "[https://github.com/acme, other]", problem: AUDIENCE },
    { from: "[https://berth.example.com, other]", to: "[https://gitlab.com, other]", problem: AUDIENCE },
    {
      from: "[https://berth.example.com, other]",
      to: "[https://vault.example.com:8200, other]",
      problem: AUDIENCE,
    },
    {
      from: "[https://berth.example.com, other]",
      to: "[//iam.googleapis.com/projects/1, other]",
      problem: AUDIENCE,
    },
    {
      from: "[https://berth.example.com, other]",
      to: "['a*', other]",
      problem: `f:4:17: issuers[0].audiences[0]: ${STAR}`,
    },
    {
      from: "[https://berth.example.com, other]",
      to: "['', other]",
      problem: "f:4:17: issuers[0].audiences[0]: must not be empty",
    },
    {
      from: "audiences: [https://berth.example.com, other]",
      to: "audiences: []",
      problem: "f:4:16: issuers[0].audiences: must name at least one audience",
    },
    {
      from: "audiences: [https://berth.example.com, other]",
      to: "audiences: other",
      problem: "f:4:16: issuers[0].audiences: must be a list",
    },
    {
      from: "private_network: true",
      to: "private_network: yes",
      problem: "f:6:22: issuers[0].private_network: must be true or false",
    },
    {
      from: "private_network: true",
      to: "algorithms: [HS256]",
      problem:
        "f:6:18: issuers[0].algorithms[0]: must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA",
    },
    {
      from: "private_network: true",
      to: "algorithms: []",
      problem: "f:6:17: issuers[0].algorithms: must name at least one algorithm",
    },
    {
      from: "private_network: true",
      to: "max_lifetime_seconds: 86401",
      problem: "f:6:27: issuers[0].max_lifetime_seconds: must be a whole number from 60 to 86400",
    },
    {
      from: "private_network: true",
      to: "replay: never",
      problem: "f:6:13: issuers[0].replay: must be one of jti, once, reusable",
    },
    {
      from: "private_network: true",
      to: "jwks_hosts: [https://keys.example.com]",
      problem: "f:6:18: issuers[0].jwks_hosts[0]: must be a lower-case host name",
    },
  ])("refuses $problem", ({ from, to, problem }) => {
    expect(problemsOf(changedText(from, to))).toEqual([problem]);
  });
});
