import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Jenkins with the OpenID Connect Provider plugin: `profile: jenkins`, since any URL may be one. */
export const jenkins: Profile = {
  name: "jenkins",
  recognises: () => false,
  isShared: () => false,
  // Its tokens have no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: ["build_number"],
  subjectCanBeCustomised: true,
  tenantOfSubject: (fixedPrefix) => {
    // A prefix must end with the slash: `/job/app` takes in `/job/app-evil`.
    const [server, ...folders] = fixedPrefix.split("/job/");
    return server !== "" && (folders.length > 1 || folders[0]?.includes("/")) ? "name" : "none";
  },
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "sub",
      // PR- is GitHub's and Bitbucket's branch source, MR- GitLab's.
      denies: (claims) => /^[PM]R-/.test(stringClaim(claims, "sub")?.split("/job/").at(-1) ?? "PR-"),
      what: "a multibranch job of a pull request",
    },
  ],
  provenance: ["build_number"],
  variables: {},
};
