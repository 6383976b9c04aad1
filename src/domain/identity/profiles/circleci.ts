import { comparableClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const ROOT = "https://oidc.circleci.com";
const SSH_RERUN = "oidc.circleci.com/ssh-rerun";

/** CircleCI: an organization's issuer, or the root issuer that all share. */
export const circleci: Profile = {
  name: "circleci",
  recognises: (url) => url === ROOT || url.startsWith(`${ROOT}/org/`),
  isShared: (url) => url === ROOT,
  // Its tokens have no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [{ claim: "oidc.circleci.com/project-id" }, { claim: "oidc.circleci.com/org-id" }],
  recyclable: [{ claim: "oidc.circleci.com/vcs-origin", id: "oidc.circleci.com/project-id" }],
  chosenByJob: [
    "oidc.circleci.com/context-ids",
    "oidc.circleci.com/job-id",
    "oidc.circleci.com/pipeline-id",
    "oidc.circleci.com/ssh-rerun",
    "oidc.circleci.com/vcs-ref",
    "oidc.circleci.com/workflow-id",
  ],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^org\/[0-9a-f-]{36}\//.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: SSH_RERUN,
      denies: (claims) => claims.has(SSH_RERUN) && comparableClaim(claims, SSH_RERUN) !== "false",
      what: "a job that somebody re-ran to log in to it",
    },
  ],
  provenance: [
    "oidc.circleci.com/project-id",
    "oidc.circleci.com/vcs-origin",
    "oidc.circleci.com/vcs-ref",
    "oidc.circleci.com/workflow-id",
    "oidc.circleci.com/job-id",
  ],
  variables: {},
};
