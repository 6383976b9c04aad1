import { stringClaim } from "../claims.ts";
import { github } from "./github.ts";
import type { Profile } from "./profile.ts";

/** Forgejo Actions: `profile: forgejo` or an issuer under /api/actions. Its claims have GitHub's names. */
export const forgejo: Profile = {
  ...github,
  name: "forgejo",
  recognises: (url) => url.endsWith("/api/actions"),
  isShared: () => false,
  // Version 15 has no jti.
  defaults: { algorithms: ["RS256"], replay: "once", maxLifetimeSeconds: 3600 },
  subjectCanBeCustomised: false,
  subjectSpellings: (claims) => [stringClaim(claims, "sub") ?? ""],
};
