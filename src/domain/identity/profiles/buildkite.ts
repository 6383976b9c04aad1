import { comparableClaim, stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";
import type { Profile, SubjectTenant } from "./profile.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Buildkite: one issuer for all; the ids are in the token when the job asks for them with `--claim`. */
export const buildkite: Profile = {
  name: "buildkite",
  recognises: (url) => url === "https://agent.buildkite.com",
  isShared: () => true,
  // A jti is seen in its tokens, and is not in its documentation.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [
    { claim: "organization_id" },
    { claim: "pipeline_id" },
    { claim: "cluster_id" },
    { claim: "queue_id" },
    { claim: "organization_slug", id: "organization_id" },
  ],
  recyclable: [
    { claim: "sub", id: "organization_id" },
    { claim: "organization_slug", id: "organization_id" },
    { claim: "pipeline_slug", id: "pipeline_id" },
    { claim: "cluster_name", id: "cluster_id" },
    { claim: "queue_key", id: "queue_id" },
  ],
  chosenByJob: [
    "agent_id",
    "build_branch",
    "build_commit",
    "build_id",
    "build_number",
    "build_source",
    "build_tag",
    "job_id",
    "runner_environment",
    "step_key",
  ],
  // A job that asks with `--subject-claim` has one of the ids for its subject.
  subjectCanBeCustomised: true,
  tenantOfSubject,
  subjectSpellings,
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

function tenantOfSubject(fixedPrefix: string): SubjectTenant {
  if (UUID.test(fixedPrefix)) return "id";
  return /^organization:[^:]+:/.test(fixedPrefix) ? "name" : "none";
}

/** Ids that stay the same from job to job, so that one of them can stand for a pipeline, or for those who run it. */
const SUBJECT_CLAIMS = ["organization_id", "pipeline_id", "cluster_id", "queue_id"];

/**
 * A subject that the job chose counts only if it is one of those ids, in its own claim as well (which the platform
 * adds by itself); a job's or agent's id says nothing of whose it is.
 */
function subjectSpellings(claims: JsonObject): readonly string[] | undefined {
  const sub = stringClaim(claims, "sub") ?? "";
  const isKnown =
    sub.startsWith("organization:") || SUBJECT_CLAIMS.some((name) => comparableClaim(claims, name) === sub);
  return isKnown ? [sub] : undefined;
}
