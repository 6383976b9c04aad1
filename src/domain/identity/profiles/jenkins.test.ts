import { describeProfile } from "../../../../test/support/profile-table.ts";
import { jenkins } from "./jenkins.ts";

const PULL_REQUEST = "denied: a multibranch job of a pull request";
const FOLDER = "https://jenkins.acme.example/job/acme/";

/** The OpenID Connect Provider plugin's default claims, for a branch of a multibranch job. */
const TOKEN = {
  iss: "https://jenkins.acme.example/oidc",
  sub: `${FOLDER}job/app/job/main/`,
  build_number: 17,
};

describeProfile({
  profile: jenkins,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: {} },
  rows: [
    { job: "another job", token: { sub: `${FOLDER}job/app-evil/job/main/` }, outcome: "subject" },
    { job: "another branch", token: { sub: `${FOLDER}job/app/job/dev/` }, outcome: "subject" },
    { job: "another server", token: { iss: "https://jenkins.evil.example/oidc" }, outcome: "issuer" },
    { job: "the subject without its slash", token: { sub: `${FOLDER}job/app/job/main` }, outcome: "subject" },
    {
      job: "a folder of the same beginning",
      token: { sub: "https://jenkins.acme.example/job/acme-evil/job/app/" },
      rule: { subject: `${FOLDER}**` },
      outcome: "subject",
    },
    { job: "any job of the folder", rule: { subject: `${FOLDER}**` }, outcome: "matches" },
    { job: "a template that says something else", token: { sub: "acme/app" }, outcome: "subject" },
    {
      job: "the server itself, outside of a build",
      token: { sub: "https://jenkins.acme.example/" },
      outcome: "subject",
    },
    { job: "a build by its number", rule: { claims: { build_number: ["17"] } }, outcome: "matches" },
    {
      job: "a build by another number",
      rule: { claims: { build_number: ["18"] } },
      outcome: "claim build_number",
    },

    {
      job: "a pull request, under a pattern",
      token: { sub: `${FOLDER}job/app/job/PR-7/` },
      rule: { subject: `${FOLDER}job/app/job/*/` },
      outcome: PULL_REQUEST,
    },
    {
      job: "a pull request, without the slash",
      token: { sub: `${FOLDER}job/app/job/PR-7` },
      rule: { subject: "**" },
      outcome: PULL_REQUEST,
    },
    {
      job: "a pull request's head",
      token: { sub: `${FOLDER}job/app/job/PR-7-head/` },
      rule: { subject: `${FOLDER}**` },
      outcome: PULL_REQUEST,
    },
    {
      job: "a pull request, asked for",
      token: { sub: `${FOLDER}job/app/job/PR-7/` },
      rule: { subject: `${FOLDER}job/app/job/PR-7/` },
      outcome: "matches",
    },
    {
      job: "a job called like one in part",
      token: { sub: `${FOLDER}job/app/job/SPR-7/` },
      rule: { subject: `${FOLDER}**` },
      outcome: "matches",
    },
  ],
  tenants: {
    [FOLDER]: "name",
    [TOKEN.sub]: "name",
    "https://jenkins.acme.example/job/acme": "none",
    "https://jenkins.acme.example/": "none",
    "/job/acme/": "none",
    "": "none",
  },
  issuers: {},
  // Any URL may be one: a declaration says so.
  declared: ["https://jenkins.acme.example/oidc", "https://login.acme.example/oidc"],
});
