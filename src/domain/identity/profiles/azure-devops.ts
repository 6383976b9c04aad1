import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Azure DevOps pipeline tokens: an issuer for each organization, with one audience for every relying party. */
export const azureDevops: Profile = {
  name: "azure-devops",
  recognises: (url) => url.startsWith("https://vstoken.dev.azure.com/"),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256"],
    replay: "jti",
    maxLifetimeSeconds: 900,
    fixedAudience: "api://AzureADTokenExchange",
  },
  tenants: [{ claim: "org_id" }, { claim: "prj_id" }, { claim: "def_id" }],
  recyclable: [{ claim: "sub", id: "def_id" }],
  chosenByJob: ["rpo_ref", "rpo_ver", "run_id"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^p:\/\/[^/]+\/[^/]+\//.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "rpo_ref",
      denies: (claims) => (stringClaim(claims, "rpo_ref") ?? "").startsWith("refs/pull/"),
      what: "a run for a pull request",
    },
  ],
  provenance: ["org_id", "prj_id", "def_id", "rpo_uri", "rpo_ref", "run_id"],
  variables: {},
};
