import { describeProfile } from "../../../../test/support/profile-table.ts";
import { vercel } from "./vercel.ts";

const NOT_PRODUCTION = "denied: a preview, or a developer's own machine";

/** By Vercel's documentation, in the team's issuer mode. */
const TOKEN = {
  iss: "https://oidc.vercel.com/acme",
  sub: "owner:acme:project:app:environment:production",
  owner: "acme",
  owner_id: "team_7Gw5ZMzpQA8h90F832KGp7nwbuh3",
  project: "app",
  project_id: "prj_7Gw5ZMBpQA8h9GF832KGp7nwbuh3",
  environment: "production",
};
const CLAIMS = { owner_id: [TOKEN.owner_id], project_id: [TOKEN.project_id] };
const OPEN = { subject: "owner:acme:project:app:environment:*" };
const of = (environment: string) => ({
  sub: `owner:acme:project:app:environment:${environment}`,
  environment,
});

describeProfile({
  profile: vercel,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    {
      job: "the name with a new team",
      token: { owner_id: "team_XXXXXXXXXXXXXXXXXXXXXXXX" },
      outcome: "claim owner_id",
    },
    {
      job: "the name with a new project",
      token: { project_id: "prj_XXXXXXXXXXXXXXXXXXXXXXXX" },
      outcome: "claim project_id",
    },
    {
      job: "another team",
      token: { sub: "owner:acme-evil:project:app:environment:production" },
      outcome: "subject",
    },
    { job: "another team's issuer", token: { iss: "https://oidc.vercel.com/evil" }, outcome: "issuer" },
    { job: "a preview", token: of("preview"), outcome: "subject" },
    { job: "a preview, under a pattern", token: of("preview"), rule: OPEN, outcome: NOT_PRODUCTION },
    {
      job: "a developer's machine, under a pattern",
      token: of("development"),
      rule: OPEN,
      outcome: NOT_PRODUCTION,
    },
    {
      job: "a preview, asked for",
      token: of("preview"),
      rule: { ...OPEN, claims: { ...CLAIMS, environment: ["preview"] } },
      outcome: "matches",
    },
    { job: "an environment in a list", token: { environment: ["production"] }, outcome: NOT_PRODUCTION },
    { job: "no environment", token: { environment: undefined }, outcome: NOT_PRODUCTION },
  ],
  tenants: {
    "owner:acme:": "name",
    "owner:acme": "none",
    "x:owner:acme:": "none",
    "owner:": "none",
    "": "none",
  },
  issuers: {
    "https://oidc.vercel.com": "shared",
    "https://oidc.vercel.com/acme": "own",
    "https://oidc.vercel.com.evil.example": "other",
    "https://evil.example/https://oidc.vercel.com": "other",
  },
});
