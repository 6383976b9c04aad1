import { EVENT_DENIALS } from "./github.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/**
 * Forgejo Actions: an issuer under /api/actions. Its claims have GitHub's names. Newer repositories have ids in the
 * subject after a hyphen, `repo:acme-42/app-4711:…`; since a name may hold hyphens and digits, that is also the older
 * subject of whoever is called `acme-42`. So a subject never pins a tenant here: the id claims do.
 */
export const forgejo: Profile = {
  name: "forgejo",
  recognises: (url) => url.endsWith("/api/actions"),
  // Where anyone can sign up.
  isShared: (url) => url === "https://codeberg.org/api/actions",
  // Version 15 has no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  tenants: [
    { claim: "repository_id" },
    { claim: "repository_owner_id" },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
  ],
  recyclable: [
    { claim: "sub", id: "repository_id" },
    { claim: "repository", id: "repository_id" },
    { claim: "repository_owner", id: "repository_owner_id" },
    { claim: "actor", id: "actor_id" },
  ],
  chosenByJob: ["actor", "actor_id", "event_name", "ref", "ref_protected"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^repo:[^/:]+\//.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: EVENT_DENIALS,
  provenance: ["repository", "repository_id", "ref", "event_name", "actor"],
  variables: {
    repository: { claim: "repository", take: "whole" },
    repository_name: { claim: "repository", take: "last-segment" },
    repository_owner: { claim: "repository_owner", take: "whole" },
  },
};
