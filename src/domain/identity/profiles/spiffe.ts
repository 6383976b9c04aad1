import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** SPIFFE JWT-SVIDs: `profile: spiffe`, since a trust domain's issuer has any URL. */
export const spiffe: Profile = {
  name: "spiffe",
  recognises: () => false,
  isShared: () => false,
  // Its tokens have no jti, and agents may hand one of them to several processes of a workload.
  defaults: { algorithms: ["RS256", "ES256", "ES384"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: [],
  subjectCanBeCustomised: false,
  // The trust domain, whole: `spiffe://acme*` takes in `acme-evil`.
  tenantOfSubject: (fixedPrefix) => (/^spiffe:\/\/[^/]+\//.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [],
  provenance: [],
  variables: {},
};
