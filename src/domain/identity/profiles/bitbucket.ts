import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Bitbucket Pipelines: an issuer for each workspace, by its slug. Its uuids stand in braces. */
export const bitbucket: Profile = {
  name: "bitbucket",
  recognises: (url) => url.startsWith("https://api.bitbucket.org/2.0/workspaces/"),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256"],
    replay: "once",
    maxLifetimeSeconds: 3600,
  },
  tenants: [{ claim: "workspaceUuid" }, { claim: "repositoryUuid" }],
  recyclable: [],
  chosenByJob: ["branchName", "pipelineUuid", "stepUuid", "pullRequestId"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^\{[0-9a-f-]{36}\}:/.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [],
  provenance: ["workspaceUuid", "repositoryUuid", "pipelineUuid", "stepUuid", "branchName"],
  variables: {},
};
