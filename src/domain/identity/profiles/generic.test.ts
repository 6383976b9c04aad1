import { expect, it } from "vitest";
import { describeProfile } from "../../../../test/support/profile-table.ts";
import { profileNamed } from "./all.ts";
import { generic } from "./generic.ts";

/** A platform that Berth knows nothing of. */
const TOKEN = {
  iss: "https://ci.acme.example",
  sub: "org:acme:vault:release",
  jti: "1",
  job: { id: 7 },
};

describeProfile({
  profile: generic,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: {} },
  rows: [
    { job: "another subject", token: { sub: "org:acme-evil:vault:release" }, outcome: "subject" },
    { job: "another issuer", token: { iss: "https://ci.acme.example/" }, outcome: "issuer" },
    { job: "capitals", token: { sub: "org:Acme:vault:release" }, outcome: "subject" },
    {
      job: "GitHub's ids, which mean nothing here",
      token: { sub: "repo:acme@1/app@2:x" },
      rule: { subject: "repo:acme/app:x" },
      outcome: "subject",
    },
    { job: "a nested claim", rule: { claims: { "/job/id": ["7"] } }, outcome: "matches" },
    {
      job: "a nested claim that is another",
      rule: { claims: { "/job/id": ["8"] } },
      outcome: "claim /job/id",
    },
    {
      job: "an event that other families deny",
      token: { event_name: "pull_request_target" },
      outcome: "matches",
    },
  ],
  tenants: { "org:acme:": "name", "": "none" },
  issuers: { "https://ci.acme.example": "own", "https://login.microsoftonline.com/acme/v2.0": "own" },
});

it("stands in for a family that this release does not know", () => {
  expect(profileNamed("of a later release")).toBe(generic);
});
