import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

/** AWS outbound identity federation: an issuer for each account. */
export const aws: Profile = {
  name: "aws",
  recognises: (url) => /^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/.test(url),
  isShared: () => false,
  defaults: { algorithms: ["ES384", "RS256"], replay: "jti", maxLifetimeSeconds: 3600 },
  tenants: [],
  recyclable: [],
  chosenByJob: ["/https:~1~1sts.amazonaws.com~1/request_tags"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^arn:aws[a-z-]*:iam::\d{12}:role\//.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "sub",
      denies: (claims) => !/^arn:aws[a-z-]*:iam::\d{12}:role\//.test(stringClaim(claims, "sub") ?? ""),
      what: "an identity that is not a role",
    },
  ],
  provenance: ["/https:~1~1sts.amazonaws.com~1/aws_account", "/https:~1~1sts.amazonaws.com~1/org_id"],
  variables: {},
};
