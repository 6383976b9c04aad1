import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Buildkite: one issuer for all; the ids are in the token when the job asks for them with `--claim`. */
export const buildkite: Profile = {
  name: "buildkite",
  recognises: (url) => url === "https://agent.buildkite.com",
  isShared: () => true,
  defaults: {
    algorithms: ["RS256"],
    replay: "once",
    maxLifetimeSeconds: 3600,
  },
  tenants: [
    { claim: "organization_id" },
    { claim: "pipeline_id" },
    { claim: "organization_slug", id: "organization_id" },
  ],
  recyclable: [
    { claim: "sub", id: "organization_id" },
    { claim: "organization_slug", id: "organization_id" },
    { claim: "pipeline_slug", id: "pipeline_id" },
  ],
  chosenByJob: [
    "agent_id",
    "build_branch",
    "build_commit",
    "build_number",
    "build_source",
    "build_tag",
    "job_id",
    "runner_environment",
    "step_key",
  ],
  // `--subject-claim` makes any one claim the subject.
  subjectCanBeCustomised: true,
  tenantOfSubject: (fixedPrefix) => {
    if (UUID.test(fixedPrefix)) return "id";
    return /^organization:[^:]+:/.test(fixedPrefix) ? "name" : "none";
  },
  subjectSpellings: plainSubject,
  denials: [],
  provenance: [
    "organization_slug",
    "pipeline_slug",
    "build_number",
    "build_branch",
    "build_commit",
    "job_id",
    "step_key",
  ],
  variables: { pipeline_slug: { claim: "pipeline_slug", take: "whole" } },
};
