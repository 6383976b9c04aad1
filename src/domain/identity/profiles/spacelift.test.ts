import { describeProfile } from "../../../../test/support/profile-table.ts";
import { spacelift } from "./spacelift.ts";

const NOT_TRACKED = "denied: a run that is not a tracked one: a task or a module's test may write, too";
const READ = "denied: a run that may only read, as those of proposed changes do";

/** By Spacelift's documentation; `aud` is the account's host. */
const TOKEN = {
  iss: "https://acme.app.spacelift.io",
  aud: "acme.app.spacelift.io",
  sub: "space:release-01h:stack:app:run_type:TRACKED:scope:write",
  jti: "01HQ",
  spaceId: "release-01h",
  callerType: "stack",
  callerId: "app",
  runType: "TRACKED",
  runId: "01HR",
  scope: "write",
};
const CLAIMS = { spaceId: ["release-01h"], callerType: ["stack"], callerId: ["app"] };
const OPEN = { subject: "space:release-01h:stack:app:**" };
const run = (runType: string, scope: string) => ({
  sub: `space:release-01h:stack:app:run_type:${runType}:scope:${scope}`,
  runType,
  scope,
});

describeProfile({
  profile: spacelift,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: CLAIMS },
  rows: [
    { job: "the stack's name in another space", token: { spaceId: "other-01h" }, outcome: "claim spaceId" },
    { job: "a module called like the stack", token: { callerType: "module" }, outcome: "claim callerType" },
    { job: "another account", token: { iss: "https://evil.app.spacelift.io" }, outcome: "issuer" },
    {
      job: "another stack",
      token: { sub: TOKEN.sub.replace(":app:", ":web:"), callerId: "web" },
      outcome: "subject",
    },
    { job: "a subject by the account's own template", token: { sub: "acme/app" }, outcome: "subject" },
    {
      job: "a subject by the account's own template, and its rule",
      token: { sub: "acme/app" },
      rule: { subject: "acme/app" },
      outcome: "matches",
    },

    { job: "a proposed change", token: run("PROPOSED", "read"), rule: OPEN, outcome: NOT_TRACKED },
    { job: "a task, which may write", token: run("TASK", "write"), rule: OPEN, outcome: NOT_TRACKED },
    {
      job: "a module's test, which may write",
      token: run("TESTING", "write"),
      rule: OPEN,
      outcome: NOT_TRACKED,
    },
    {
      job: "a task, asked for",
      token: run("TASK", "write"),
      rule: { ...OPEN, claims: { ...CLAIMS, runType: ["TASK"] } },
      outcome: "matches",
    },
    { job: "the plan of a tracked run", token: run("TRACKED", "read"), rule: OPEN, outcome: READ },
    {
      job: "the plan of a tracked run, asked for",
      token: run("TRACKED", "read"),
      rule: { ...OPEN, claims: { ...CLAIMS, scope: ["read"] } },
      outcome: "matches",
    },
    { job: "a scope in a list", token: { scope: ["write"] }, outcome: READ },
    { job: "a type that is null", token: { runType: null }, outcome: NOT_TRACKED },
  ],
  tenants: {
    "space:release-01h:": "id",
    "space:release-01h": "none",
    "x:space:release-01h:": "none",
    "space:": "none",
    "": "none",
  },
  issuers: {
    "https://acme.app.spacelift.io": "own",
    "https://acme.app.spacelift.io.evil.example": "other",
    "https://evil.example/https://acme.app.spacelift.io": "other",
    "https://app.spacelift.io": "other",
    "https://spacelift.acme.example": "other",
  },
});
