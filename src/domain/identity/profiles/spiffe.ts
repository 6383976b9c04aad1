import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** SPIFFE JWT-SVIDs: `profile: spiffe`, since a trust domain's issuer has any URL. */
export const spiffe: Profile = {
  name: "spiffe",
  recognises: () => false,
  isShared: () => false,
  // Agents cache and hand out one SVID to several processes of a workload.
  defaults: { algorithms: ["RS256", "ES256", "ES384"], replay: "reusable", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: [],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) =>
    /^spiffe:\/\/[^/]+\/.*(?:\/|[^/])$/s.test(fixedPrefix) ? "name" : "none",
  subjectSpellings: plainSubject,
  denials: [],
  provenance: [],
  variables: {},
};
