import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** Spacelift: an issuer for each account, with that account's host as the only audience. */
export const spacelift: Profile = {
  name: "spacelift",
  recognises: (url) => /^https:\/\/[a-z0-9-]+\.app\.spacelift\.io$/.test(url),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256"],
    replay: "jti",
    maxLifetimeSeconds: 3600,
    fixedAudience: "the account's host",
  },
  tenants: [{ claim: "spaceId" }],
  recyclable: [],
  chosenByJob: ["runId", "runType", "scope", "callerType"],
  subjectCanBeCustomised: true,
  tenantOfSubject: (fixedPrefix) => (/^space:[^:]+:/.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "runType",
      denies: (claims) => stringClaim(claims, "runType") !== "TRACKED",
      what: "a run that is not a tracked one: a task or a module's test may write, too",
    },
    {
      claim: "scope",
      denies: (claims) => stringClaim(claims, "scope") !== "write",
      what: "a run that may only read, as those of proposed changes do",
    },
  ],
  provenance: ["spaceId", "callerType", "callerId", "runType", "runId"],
  variables: {},
};
