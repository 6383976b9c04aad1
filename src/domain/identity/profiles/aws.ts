import { comparableClaim, stringClaim } from "../claims.ts";
import type { JsonObject } from "../strict-json.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const ACCOUNT = "/https:~1~1sts.amazonaws.com~1/aws_account";
const ORGANIZATION = "/https:~1~1sts.amazonaws.com~1/org_id";
const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\//;

/** AWS outbound identity federation: an issuer for each account. */
export const aws: Profile = {
  name: "aws",
  recognises: (url) => /^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/.test(url),
  isShared: () => false,
  defaults: { algorithms: ["ES384", "RS256"], replay: "jti", maxLifetimeSeconds: 3600 },
  tenants: [{ claim: ACCOUNT }, { claim: ORGANIZATION }],
  recyclable: [],
  chosenByJob: ["/https:~1~1sts.amazonaws.com~1/request_tags"],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (ROLE.test(fixedPrefix) ? "id" : "none"),
  subjectSpellings,
  denials: [
    {
      claim: "sub",
      denies: (claims) => accountOfRole(claims) === undefined,
      what: "an identity that is not a role",
    },
  ],
  provenance: [ACCOUNT, ORGANIZATION],
  variables: {},
};

/** A role of an account other than the token's is a contradiction. */
function subjectSpellings(claims: JsonObject): readonly string[] | undefined {
  const ofRole = accountOfRole(claims);
  const account = comparableClaim(claims, ACCOUNT);
  return ofRole === undefined || account === undefined || ofRole === account
    ? plainSubject(claims)
    : undefined;
}

function accountOfRole(claims: JsonObject): string | undefined {
  return ROLE.exec(stringClaim(claims, "sub") ?? "")?.[1];
}
