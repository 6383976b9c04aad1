import { describe, expect, it } from "vitest";
import { parseText, problemsOf } from "../../test/support/declaration-text.ts";
import { isForeignAudience } from "./foreign-audiences.ts";

const AZURE = "https://vstoken.dev.azure.com/0ca3ddd9-f0b0-4635-a98c-000000000001";
const FOREIGN =
  "f:3:17: issuers[0].audiences[0]: is the audience of another service, where such tokens are shown too; use this server's public URL";

function declaring(url: string, rest: string): string {
  return `issuers:\n  - url: ${url}\n    ${rest}\n`;
}

describe("isForeignAudience", () => {
  it.each([
    "sts.amazonaws.com",
    "STS.amazonaws.com",
    "sigstore",
    "api://AzureADTokenExchange",
    "api://azureadtokenexchange",
    "api://AzureADTokenExchangeUSGov",
    "https://iam.googleapis.com/projects/1",
    "//iam.googleapis.com/projects/1",
    "vault",
    "https://vault.example.com:8200",
    "https://kubernetes.default.svc",
    "https://github.com/acme",
    "https://gitlab.com",
    "https://buildkite.com/acme",
    "https://vercel.com/acme",
    "https://fly.io/acme",
    "ari:cloud:bitbucket::workspace/1",
  ])("takes %s to be somebody else's", (audience) => {
    expect(isForeignAudience(audience)).toBe(true);
  });

  it.each([
    "https://berth.example.com",
    "berth",
    "sigstore2",
    "https://vaulted.example.com",
    "https://github.company.example",
    "https://berth.example.com/sts.amazonaws.com",
    "acme.app.spacelift.io",
    "https://acme.semaphoreci.com",
  ])("takes %s to be nobody's in particular", (audience) => {
    expect(isForeignAudience(audience)).toBe(false);
  });
});

describe("an audience that a platform fixes", () => {
  it("is allowed where an operator writes it for that platform's issuer", () => {
    const parsed = parseText(declaring(AZURE, "audiences: ['api://AzureADTokenExchange']"));
    expect(parsed.ok && parsed.value.issuers[0]?.audiences).toEqual(["api://AzureADTokenExchange"]);
  });

  it.each([
    { issuer: "another platform's", url: "https://token.actions.githubusercontent.com" },
    { issuer: "an unknown platform's", url: "https://issuer.example.com" },
    { issuer: "Entra's", url: "https://login.microsoftonline.com/0ca3ddd9/v2.0" },
  ])("is refused for $issuer issuer", ({ url }) => {
    expect(problemsOf(declaring(url, "audiences: ['api://AzureADTokenExchange']"))).toEqual([FOREIGN]);
  });

  it.each(["sts.amazonaws.com", "api://azureadtokenexchange", "api://AzureADTokenExchangeUSGov"])(
    "does not open its issuer to %s",
    (audience) => {
      expect(problemsOf(declaring(AZURE, `audiences: ['${audience}']`))).toEqual([FOREIGN]);
    },
  );

  it.each([
    { url: AZURE, fixed: "api://AzureADTokenExchange" },
    { url: "https://acme.semaphoreci.com", fixed: "the issuer's URL" },
    { url: "https://acme.app.spacelift.io", fixed: "the account's host" },
  ])("has to be written for $url", ({ url, fixed }) => {
    expect(problemsOf(declaring(url, "enabled: true"))).toEqual([
      `f:2:5: issuers[0]: needs audiences: this platform gives its tokens no other than ${fixed}`,
    ]);
  });
});
