import { describeProfile } from "../../../../test/support/profile-table.ts";
import { forgejo } from "./forgejo.ts";

const OUTSIDER = "denied: a job that a pull request, a comment or another workflow started";

/** A repository of a release that has ids; its subject is of the newer form. */
const TOKEN = {
  iss: "https://git.acme.example/api/actions",
  sub: "repo:acme-42/app-4711:ref:refs/heads/main",
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  ref: "refs/heads/main",
  ref_protected: "true",
  event_name: "push",
  actor: "ada",
  actor_id: "7",
};
const CLAIMS = { repository_id: ["4711"], repository_owner_id: ["42"] };
const CLASSIC = "repo:acme/app:ref:refs/heads/main";

describeProfile({
  profile: forgejo,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    {
      job: "the name with a new owner",
      token: { repository_owner_id: "43" },
      outcome: "claim repository_owner_id",
    },
    // An owner may call itself acme-42, and its repository app-4711.
    {
      job: "a stranger called like the ids",
      token: { repository: "acme-42/app-4711", repository_id: "99", repository_owner_id: "98" },
      outcome: "claim repository_id",
    },
    {
      job: "another owner",
      token: { sub: "repo:acme-evil-1/app-2:ref:refs/heads/main" },
      outcome: "subject",
    },
    { job: "the older subject", token: { sub: CLASSIC }, outcome: "subject" },
    {
      job: "the older subject, and its rule",
      token: { sub: CLASSIC },
      rule: { subject: CLASSIC },
      outcome: "matches",
    },
    {
      job: "GitHub's form of ids",
      token: { sub: "repo:acme@42/app@4711:ref:refs/heads/main" },
      rule: { subject: CLASSIC },
      outcome: "subject",
    },
    {
      job: "GitHub with the same ids",
      token: { iss: "https://token.actions.githubusercontent.com" },
      outcome: "issuer",
    },
    {
      job: "version 15, which has no ids",
      token: { repository_id: undefined, repository_owner_id: undefined },
      outcome: "claim repository_id",
    },
    { job: "ids as numbers", token: { repository_id: 4711, repository_owner_id: 42 }, outcome: "matches" },
    { job: "a pull request, not asked for", token: { event_name: "pull_request" }, outcome: OUTSIDER },
    {
      job: "a pull request, asked for",
      token: { event_name: "pull_request", ref: "refs/pull/7/head" },
      rule: { claims: { ...CLAIMS, event_name: ["pull_request"] } },
      outcome: "matches",
    },
    { job: "no event", token: { event_name: undefined }, outcome: OUTSIDER },
    { job: "an event that is null", token: { event_name: null }, outcome: OUTSIDER },
  ],
  tenants: {
    "repo:acme/": "name",
    "repo:acme-42/": "name",
    "repo:acme@42/": "name",
    "repo:acme": "none",
    "x:repo:acme/": "none",
    "": "none",
  },
  issuers: {
    "https://codeberg.org/api/actions": "shared",
    "https://git.acme.example/api/actions": "own",
    "https://git.acme.example/api/actions/": "other",
  },
});
