import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Google service accounts. The same issuer signs the identity tokens of people who log in somewhere. */
export const google: Profile = {
  name: "google",
  recognises: (url) => url === "https://accounts.google.com",
  isShared: () => true,
  // Its tokens have no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [
    { claim: "azp" },
    { claim: "/google/compute_engine/project_number" },
    { claim: "email", id: "sub" },
  ],
  recyclable: [{ claim: "email", id: "sub" }],
  chosenByJob: ["email_verified"],
  subjectCanBeCustomised: false,
  // Every subject is one account's number, which is never given twice.
  tenantOfSubject: (fixedPrefix) => (/^\d{21}$/.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "hd",
      denies: (claims) => claims.has("hd") || claims.has("nonce") || claims.has("at_hash"),
      what: "the login of a person",
    },
  ],
  provenance: ["azp"],
  variables: {},
};
