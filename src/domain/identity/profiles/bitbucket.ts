import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Bitbucket Pipelines: an issuer for each workspace, by its slug, which is a name. Its uuids stand in braces. */
export const bitbucket: Profile = {
  name: "bitbucket",
  recognises: (url) => url.startsWith("https://api.bitbucket.org/2.0/workspaces/"),
  isShared: () => false,
  // Its tokens have no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [{ claim: "workspaceUuid" }, { claim: "repositoryUuid" }],
  recyclable: [],
  chosenByJob: ["branchName", "pipelineUuid", "stepUuid"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^\{[0-9a-f-]{36}\}:/.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [],
  provenance: [
    "workspaceUuid",
    "repositoryUuid",
    "deploymentEnvironmentUuid",
    "branchName",
    "pipelineUuid",
    "stepUuid",
  ],
  variables: {},
};
