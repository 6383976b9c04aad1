import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRule, ISSUER_URL, PUBLIC_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { asVerifiedClaims, type VerifiedClaims } from "../identity/claims.ts";
import { PROFILES } from "../identity/profiles/all.ts";
import type { Profile } from "../identity/profiles/profile.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import { type FederationRule, failedCondition } from "./federation-rule.ts";
import { reportRule } from "./rule-report.ts";

describe("reportRule agrees with failedCondition", () => {
  const value = fc.constantFrom<JsonValue>(
    "4711",
    "42",
    "push",
    "pull_request",
    "",
    null,
    true,
    new JsonNumber("4711"),
    ["production"],
    "refs/pull/1/merge",
  );
  const name = fc.constantFrom(
    ...["environment", "repository_id", "repository_owner_id", "event_name", "ref", "pr", "sub"],
    ...["project_id", "job_project_id", "job_id", "pipeline_source", "oidc.circleci.com/ssh-rerun"],
  );
  const anySubject = fc.constantFrom<JsonValue>(
    SUBJECT,
    "repo:acme@42/app@4711:ref:refs/heads/main",
    "repo:acme@43/app@4711:ref:refs/heads/main",
    "system:serviceaccount:acme:default",
    ["x"],
    "",
  );
  const anyClaims = fc
    .record({
      iss: fc.constantFrom<JsonValue>(ISSUER_URL, `${ISSUER_URL}/`, ["x"]),
      sub: anySubject,
      aud: fc.constantFrom<JsonValue>(PUBLIC_URL, [PUBLIC_URL], ["x", PUBLIC_URL], [null, PUBLIC_URL], true),
      more: fc.dictionary(name, value),
    })
    .map(({ more, ...own }) => asVerifiedClaims(new Map(Object.entries({ ...own, ...more }))));
  const pattern = fc.constantFrom("4711", "42", "push", "*", "**", "true", "production", "refs/**");
  const anyRule = fc.record<Partial<FederationRule>>({
    enabled: fc.boolean(),
    subject: fc.constantFrom(SUBJECT, "repo:acme@42/app@4711:**", "repo:acme/*:**", "**", "x"),
    claims: fc.dictionary(name, fc.array(pattern, { maxLength: 3 }), { maxKeys: 3 }),
  });
  const anyAudience = fc.constantFrom({}, { audience: PUBLIC_URL });

  /** Half of the rules name the claims of every denial, and half of the tokens have them: else nothing matches. */
  const lenient = (profile: Profile, claims: ReadonlyMap<string, JsonValue>) => {
    const names = profile.denials.map(({ claim }) => claim).filter((claim) => /^[a-z]/.test(claim));
    const sub = claims.get("sub");
    return {
      rule: aRule({
        subject: names.includes("sub") && typeof sub === "string" ? sub : "**",
        claims: Object.fromEntries(names.filter((claim) => claim !== "sub").map((claim) => [claim, ["**"]])),
      }),
      claims: asVerifiedClaims(new Map([...names.map((claim) => [claim, "x"] as const), ...claims])),
    };
  };

  const matching = new Set<string>();

  it.each(PROFILES.map((profile) => [profile.name, profile] as const))("for %s", (_, profile) => {
    const agrees = (rule: FederationRule, claims: VerifiedClaims) => {
      const failed = failedCondition(rule, claims, profile);
      const report = reportRule(rule, { claims, complete: true }, profile);
      expect(report.outcome).toBe(failed === undefined ? "met" : "failed");
      expect(report.firstFailure).toBe(failed);
      if (failed === undefined) matching.add(profile.name);
    };
    fc.assert(
      fc.property(anyRule, anyAudience, anyClaims, (change, audience, claims) => {
        agrees(aRule({ ...change, ...audience }), claims);
        const easy = lenient(profile, claims);
        agrees(easy.rule, easy.claims);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  // A property that only ever sees refusals proves little.
  it("on matches as well", () => expect(matching.size).toBeGreaterThan(PROFILES.length / 2));
});
