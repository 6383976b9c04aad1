import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Any OIDC issuer. Nothing is known of its claims, so a rule needs a subject or a claim of its own. */
export const generic: Profile = {
  name: "generic",
  recognises: () => true,
  isShared: () => false,
  defaults: { algorithms: ["RS256", "ES256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: [],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (fixedPrefix === "" ? "none" : "name"),
  subjectSpellings: plainSubject,
  denials: [],
  provenance: [],
  variables: {},
};
