import { describe, expect, it } from "vitest";
import { aNearMiss, aRule, ISSUER_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { asVerifiedClaims } from "../identity/claims.ts";
import { profileNamed } from "../identity/profiles/all.ts";
import { claimsOfRecord, type NearMiss } from "../near-miss.ts";
import { err } from "../result.ts";
import { failedCondition } from "./federation-rule.ts";
import { type ProposalFault, proposeRule } from "./rule-proposal.ts";

const CLAIMS = {
  iss: ISSUER_URL,
  sub: SUBJECT,
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  actor: "octocat",
  actor_id: "7",
  ref: "refs/heads/main",
};

describe("proposeRule", () => {
  it("names the issuer, the whole subject and every id, and neither names nor who started the job", () => {
    expect(proposeRule(aNearMiss({ claims: CLAIMS }))).toEqual({
      ok: true,
      value: {
        enabled: true,
        description: "",
        issuer: ISSUER_URL,
        subject: SUBJECT,
        claims: { repository_id: ["4711"], repository_owner_id: ["42"] },
        ttlSeconds: 900,
      },
    });
  });

  it("names an id that is the subject by the subject alone", () => {
    const claims = { iss: ISSUER_URL, sub: "112233445566778899001", azp: "112233445566778899001" };
    const proposed = proposeRule(aNearMiss({ profile: "google", claims }));
    expect(proposed).toMatchObject({ value: { subject: claims.sub } });
    expect(proposed.ok && proposed.value.claims).toEqual({ azp: ["112233445566778899001"] });
  });

  it("lifts no denial", () => {
    const claims = {
      iss: ISSUER_URL,
      sub: "project_path:acme/app:ref_type:branch:ref:main",
      project_id: "1",
      namespace_id: "2",
      job_project_id: "3",
      job_id: "4",
    };
    const proposed = proposeRule(aNearMiss({ profile: "gitlab", claims }));
    if (!proposed.ok) throw new Error(proposed.error);
    const gitlab = profileNamed("gitlab");
    for (const { claim } of gitlab.denials) expect(proposed.value.claims).not.toHaveProperty(claim);
    const token = asVerifiedClaims(claimsOfRecord(claims));
    expect(failedCondition(aRule(proposed.value), token, gitlab)).toMatch(/^denied: /);
  });

  it.each(["github", "generic", "kubernetes", "circleci"])("matches a token of %s that left it", (name) => {
    const claims = {
      iss: ISSUER_URL,
      sub: "org/x/project/y",
      repository_id: "1",
      "/kubernetes.io/serviceaccount/uid": "2",
      "oidc.circleci.com/org-id": "3",
      event_name: "push",
      ref: "refs/heads/main",
    };
    const proposed = proposeRule(aNearMiss({ profile: name, claims }));
    const token = asVerifiedClaims(claimsOfRecord(claims));
    expect(proposed.ok && failedCondition(aRule(proposed.value), token, profileNamed(name))).toBeUndefined();
  });

  it.each<{ miss: string; claims: NearMiss["claims"]; fault: ProposalFault }>([
    { miss: "without its subject", claims: { iss: ISSUER_URL }, fault: "subject_not_kept" },
    { miss: "without its issuer", claims: { sub: SUBJECT }, fault: "subject_not_kept" },
    {
      miss: "whose subject would be a pattern",
      claims: { iss: ISSUER_URL, sub: "repo:acme/app:environment:**" },
      fault: "wildcard_in_value",
    },
    {
      miss: "whose id would be a pattern",
      claims: { iss: ISSUER_URL, sub: SUBJECT, repository_id: "*" },
      fault: "wildcard_in_value",
    },
  ])("has none for one $miss", ({ claims, fault }) => {
    expect(proposeRule(aNearMiss({ claims }))).toEqual(err(fault));
  });
});
