import { describe, expect, it } from "vitest";
import { PUBLIC_URL } from "../../test/support/baseline.ts";
import { aFile, CA, changedText, DECLARATION, parseText } from "../../test/support/declaration-text.ts";
import { declarationDigest } from "../domain/accounts/declaration.ts";
import { parseDeclaration } from "./declaration-file.ts";

describe("parseDeclaration", () => {
  it("reads the baseline, defaults filled in", () => {
    expect(parseText(DECLARATION)).toEqual({
      ok: true,
      value: {
        revision: 3,
        issuers: [
          {
            url: "https://issuer.example.com",
            enabled: true,
            profile: "generic",
            algorithms: ["RS256", "ES256"],
            audiences: [PUBLIC_URL, "other"],
            maxLifetimeSeconds: 3600,
            replay: "once",
            keys: { kind: "discovery", jwksHosts: [], privateNetwork: true, caPem: CA },
          },
        ],
        registries: [
          {
            service: "registry.example.com",
            url: "https://registry.example.com",
            tokenForm: "x5c",
            tokenSeconds: 300,
            anonymousPull: [],
          },
        ],
        namespaces: [
          {
            name: "acme",
            kind: "organization",
            enabled: true,
            robots: [
              {
                name: "acme+builder",
                enabled: true,
                description: "",
                catalog: false,
                permissions: [{ registry: "registry.example.com", repository: "acme/*", role: "write" }],
                rules: [
                  {
                    enabled: true,
                    description: "",
                    issuer: "https://issuer.example.com",
                    subject: "repo:acme/app:ref:refs/heads/main",
                    audience: "other",
                    claims: { repository_id: ["4711"] },
                    permissions: [{ registry: "registry.example.com", repository: "acme/app", role: "read" }],
                    ttlSeconds: 3600,
                  },
                ],
              },
            ],
          },
        ],
      },
      warnings: [],
    });
  });

  it("reads a rule that grants API scopes, each once", () => {
    const rule = {
      issuer: "https://issuer.example.com",
      subject: "s",
      api_scopes: ["rules:write", "robots:write", "rules:write"],
    };
    const parsed = parseText(
      JSON.stringify({
        issuers: [{ url: rule.issuer }],
        namespaces: [{ name: "acme", robots: [{ name: "deployer", rules: [rule] }] }],
      }),
    );
    const found = parsed.ok ? parsed.value.namespaces[0]?.robots[0]?.rules : parsed.error;
    expect(found).toMatchObject([{ apiScopes: ["rules:write", "robots:write"] }]);
  });

  it("reads every field, written as JSON", () => {
    const key = { kty: "EC", crv: "P-256", x: "eA", y: "eQ", kid: "1" };
    const text = JSON.stringify({
      issuers: [
        {
          url: "https://issuer.example.com/",
          audiences: ["a"],
          algorithms: ["EdDSA"],
          max_lifetime_seconds: 86_400,
          replay: "reusable",
          enabled: false,
          jwks: { keys: [key] },
          jwks_expires: "2030-01-31T12:00:00+01:00",
        },
        { url: "https://other.example.com", ca_pem: CA, jwks_hosts: ["keys.example.com:8443"] },
      ],
      registries: [
        {
          service: "a",
          url: "http://a:5000",
          token: "pinned",
          token_seconds: 60,
          anonymous_pull: ["base/**"],
        },
        { service: "b", url: "https://b/registry", token: "kid" },
      ],
      namespaces: [
        {
          name: "_",
          kind: "user",
          enabled: false,
          robots: [
            {
              name: "ro",
              description: "reads",
              enabled: false,
              catalog: true,
              token_hash: `sha256:${"0a".repeat(32)}`,
              permissions: [{ registry: "b", repository: "app*", role: "admin" }],
              rules: [
                {
                  issuer: "https://issuer.example.com/",
                  subject: "s",
                  claims: { tag: ["v1", true], "kubernetes.io": "x" },
                  ttl_seconds: 300,
                  enabled: false,
                  description: "d",
                },
              ],
            },
          ],
        },
        { name: "empty" },
      ],
    });
    const parsed = parseText(text);
    expect(parsed.ok && parsed.value).toEqual({
      revision: 0,
      issuers: [
        {
          url: "https://issuer.example.com/",
          enabled: false,
          profile: "generic",
          algorithms: ["EdDSA"],
          audiences: ["a"],
          maxLifetimeSeconds: 86_400,
          replay: "reusable",
          keys: {
            kind: "inline",
            jwks: JSON.stringify({ keys: [key] }),
            expiresAt: Date.UTC(2030, 0, 31, 11) / 1000,
          },
        },
        {
          url: "https://other.example.com",
          enabled: true,
          profile: "generic",
          algorithms: ["RS256", "ES256"],
          audiences: [PUBLIC_URL],
          maxLifetimeSeconds: 3600,
          replay: "once",
          keys: {
            kind: "discovery",
            jwksHosts: ["keys.example.com:8443"],
            privateNetwork: false,
            caPem: CA,
          },
        },
      ],
      registries: [
        {
          service: "a",
          url: "http://a:5000",
          tokenForm: "pinned",
          tokenSeconds: 60,
          anonymousPull: ["base/**"],
        },
        {
          service: "b",
          url: "https://b/registry",
          tokenForm: "kid",
          tokenSeconds: 300,
          anonymousPull: [],
        },
      ],
      namespaces: [
        {
          name: "_",
          kind: "user",
          enabled: false,
          robots: [
            {
              name: "_+ro",
              description: "reads",
              enabled: false,
              catalog: true,
              tokenHash: "0a".repeat(32),
              permissions: [{ registry: "b", repository: "app*", role: "admin" }],
              rules: [
                {
                  issuer: "https://issuer.example.com/",
                  subject: "s",
                  claims: { tag: ["v1", "true"], "kubernetes.io": ["x"] },
                  ttlSeconds: 300,
                  enabled: false,
                  description: "d",
                },
              ],
            },
          ],
        },
        { name: "empty", kind: "organization", enabled: true, robots: [] },
      ],
    });
  });

  it.each([
    { url: "https://token.actions.githubusercontent.com", seconds: 600 },
    { url: "https://gitlab.com", seconds: 86_400 },
    { url: "https://gitlab.com/", seconds: 3600 },
    { url: "https://gitlab.com, max_lifetime_seconds: 60", seconds: 60 },
  ])("lets a token of $url live $seconds seconds", ({ url, seconds }) => {
    const parsed = parseText(`issuers: [{ url: ${url} }]`);
    expect(parsed.ok && parsed.value.issuers[0]?.maxLifetimeSeconds).toBe(seconds);
  });

  it.each([
    { written: "9007199254740993", digits: "9007199254740993" },
    { written: "1.0", digits: "1.0" },
    { written: "-5", digits: "-5" },
    { written: "true", digits: "true" },
    { written: '"007"', digits: "007" },
  ])("keeps a claim of $written as $digits", ({ written, digits }) => {
    const parsed = parseText(changedText("4711", `[${written}]`));
    expect(parsed.ok && parsed.value.namespaces[0]?.robots[0]?.rules[0]?.claims).toEqual({
      repository_id: [digits],
    });
  });

  it("has one digest for one content", async () => {
    const digest = async (text: string, publicUrl = PUBLIC_URL) => {
      const parsed = parseDeclaration([aFile(text)], { defaults: { publicUrl } });
      return parsed.ok ? declarationDigest(parsed.value) : "refused";
    };
    const small = "issuers: [{ url: https://a.example.com, replay: jti }]";
    const same = "# a comment\nissuers:\n- replay: jti\n  url: https://a.example.com\n";
    expect(await digest(small)).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(same)).toBe(await digest(small));
    expect(await digest(small, "https://elsewhere.example.com")).not.toBe(await digest(small));
  });
});
