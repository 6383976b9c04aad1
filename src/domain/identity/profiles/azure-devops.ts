import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Azure DevOps pipeline tokens: an issuer for each organization, with one audience for every relying party. */
export const azureDevops: Profile = {
  name: "azure-devops",
  recognises: (url) => /^https:\/\/vstoken\.dev\.azure\.com\/[0-9a-f-]{36}$/.test(url),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256"],
    replay: "jti",
    maxLifetimeSeconds: 900,
    fixedAudience: "api://AzureADTokenExchange",
  },
  // A pipeline's `def_id` is a small number, given again in each project.
  tenants: [{ claim: "org_id" }, { claim: "prj_id" }],
  recyclable: [{ claim: "sub", id: "prj_id" }],
  chosenByJob: ["rpo_ref", "rpo_ver", "run_id"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^p:\/\/[^/]+\/[^/]+\//.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "sub",
      denies: (claims) => stringClaim(claims, "sub")?.startsWith("p://") !== true,
      what: "a token of a service connection, which is not a pipeline's",
    },
    {
      claim: "rpo_ref",
      denies: (claims) => stringClaim(claims, "rpo_ref")?.startsWith("refs/pull/") !== false,
      what: "a run for a pull request",
    },
  ],
  provenance: ["org_id", "prj_id", "def_id", "rpo_uri", "rpo_ref", "run_id"],
  variables: {},
};
