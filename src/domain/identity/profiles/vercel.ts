import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const GLOBAL = "https://oidc.vercel.com";

/** Vercel: a team's issuer, or the global one that all share. */
export const vercel: Profile = {
  name: "vercel",
  recognises: (url) => url === GLOBAL || url.startsWith(`${GLOBAL}/`),
  isShared: (url) => url === GLOBAL,
  // No jti. A build's token lives an hour, a function's two; twelve, a developer's, are too many.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 7200 },
  tenants: [{ claim: "owner_id" }, { claim: "project_id" }, { claim: "owner", id: "owner_id" }],
  recyclable: [
    { claim: "sub", id: "project_id" },
    { claim: "owner", id: "owner_id" },
    { claim: "project", id: "project_id" },
  ],
  chosenByJob: ["environment", "user_id", "plan"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^owner:[^:]+:/.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "environment",
      denies: (claims) => stringClaim(claims, "environment") !== "production",
      what: "a preview, or a developer's own machine",
    },
  ],
  provenance: ["owner_id", "project_id", "environment"],
  variables: { project_name: { claim: "project", take: "whole" } },
};
