import { comparableClaim, stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Semaphore: an issuer for each organization, whose URL is the only audience. */
export const semaphore: Profile = {
  name: "semaphore",
  recognises: (url) => /^https:\/\/[a-z0-9-]+\.semaphoreci\.com$/.test(url),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256"],
    replay: "jti",
    maxLifetimeSeconds: 86_400,
    fixedAudience: "the issuer's URL",
  },
  tenants: [{ claim: "org_id" }, { claim: "prj_id" }],
  recyclable: [
    { claim: "org", id: "org_id" },
    { claim: "prj", id: "prj_id" },
    { claim: "repo", id: "prj_id" },
    { claim: "repo_slug", id: "prj_id" },
  ],
  // `branch` is the target of a pull request, which anyone can open.
  chosenByJob: ["branch", "job_type", "pr", "pr_branch", "ref", "ref_type", "tag", "trg"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^org:[^:]+:project:[0-9a-f-]{36}:/.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "ref_type",
      denies: (claims) => {
        const type = stringClaim(claims, "ref_type");
        return comparableClaim(claims, "pr") !== undefined || (type !== "branch" && type !== "tag");
      },
      what: "a job for a pull request",
    },
    {
      claim: "job_type",
      denies: (claims) => stringClaim(claims, "job_type") !== "pipeline_job",
      what: "a job that somebody started to log in to it",
    },
  ],
  provenance: ["org", "prj_id", "repo", "ref", "trg", "wf_id", "ppl_id", "job_id"],
  variables: {},
};
