import { describeProfile } from "../../../../test/support/profile-table.ts";
import { spiffe } from "./spiffe.ts";

/** A JWT-SVID, which needs an issuer to be used here. */
const TOKEN = {
  iss: "https://oidc.acme.example",
  sub: "spiffe://acme.example/ns/ci/sa/builder",
};

describeProfile({
  profile: spiffe,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: {} },
  rows: [
    {
      job: "another trust domain",
      token: { sub: "spiffe://acme.example.evil/ns/ci/sa/builder" },
      outcome: "subject",
    },
    { job: "another issuer", token: { iss: "https://oidc.evil.example" }, outcome: "issuer" },
    {
      job: "another workload",
      token: { sub: "spiffe://acme.example/ns/ci/sa/builder-evil" },
      outcome: "subject",
    },
    {
      job: "a workload below",
      token: { sub: "spiffe://acme.example/ns/ci/sa/builder/x" },
      outcome: "subject",
    },
    {
      job: "any account of the namespace",
      rule: { subject: "spiffe://acme.example/ns/ci/sa/*" },
      outcome: "matches",
    },
    {
      job: "a namespace of the same beginning",
      token: { sub: "spiffe://acme.example/ns/ci-evil/sa/builder" },
      rule: { subject: "spiffe://acme.example/ns/ci/**" },
      outcome: "subject",
    },
    {
      job: "a claim that SPIFFE does not have",
      rule: { claims: { environment: ["production"] } },
      outcome: "claim environment",
    },
  ],
  tenants: {
    "spiffe://acme.example/": "name",
    "spiffe://acme.example/ns/ci/": "name",
    "spiffe://acme.example": "none",
    "https://evil.example/spiffe://acme.example/": "none",
    "spiffe:///": "none",
    "": "none",
  },
  issuers: {},
  declared: [TOKEN.iss],
});
