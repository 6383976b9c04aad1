import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Jenkins with the OpenID Connect Provider plugin: `profile: jenkins`, since any URL may be one. */
export const jenkins: Profile = {
  name: "jenkins",
  recognises: (url) => /\/oidc(?:\/job\/.+)?$/.test(url) && !url.startsWith("https://api."),
  isShared: () => false,
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: ["build_number"],
  subjectCanBeCustomised: true,
  // A job's URL is its folder's: a prefix must end with the slash, or `/job/app` takes in `/job/app-evil`.
  tenantOfSubject: (fixedPrefix) => (/^https?:\/\/.+\/job\/[^/]+\//.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "sub",
      denies: (claims) => /\/job\/PR-\d+\/?$/.test(stringClaim(claims, "sub") ?? ""),
      what: "a multibranch job of a pull request",
    },
  ],
  provenance: ["build_number"],
  variables: {},
};
