import { describeProfile } from "../../../../test/support/profile-table.ts";
import { aws } from "./aws.ts";

const ACCOUNT = "/https:~1~1sts.amazonaws.com~1/aws_account";
const TEAM = "/https:~1~1sts.amazonaws.com~1/request_tags/team";
const NOT_ROLE = "denied: an identity that is not a role";
const of = (account: unknown) => ({
  "https://sts.amazonaws.com/": {
    aws_account: account,
    org_id: "o-abcd123456",
    source_region: "eu-central-1",
    principal_id: "arn:aws:iam::123456789012:role/builder",
    request_tags: { team: "platform" },
  },
});

/** By AWS's documentation of outbound identity federation; there is no nbf. */
const TOKEN = {
  iss: "https://abc12345-def4-5678-90ab-cdef12345678.tokens.sts.global.api.aws",
  sub: "arn:aws:iam::123456789012:role/builder",
  jti: "5488e298-0a47-4c5b-80d7-6b4ab8a4cede",
  ...of("123456789012"),
};

describeProfile({
  profile: aws,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: { [ACCOUNT]: ["123456789012"] } },
  rows: [
    {
      job: "the role's name in another account",
      token: { sub: "arn:aws:iam::999999999999:role/builder", ...of("999999999999") },
      outcome: "subject",
    },
    {
      job: "a role of an account other than the token's",
      token: of("999999999999"),
      rule: { claims: {} },
      outcome: "subject",
    },
    { job: "an account that is not said", token: of(undefined), rule: { claims: {} }, outcome: "matches" },
    { job: "an account in a list", token: of(["123456789012"]), outcome: `claim ${ACCOUNT}` },
    {
      job: "another account's issuer",
      token: { iss: "https://ffffffff-def4-5678-90ab-cdef12345678.tokens.sts.global.api.aws" },
      outcome: "issuer",
    },
    {
      job: "a role of the same beginning",
      token: { sub: "arn:aws:iam::123456789012:role/builder-evil" },
      outcome: "subject",
    },
    {
      job: "a role under a path",
      token: { sub: "arn:aws:iam::123456789012:role/ci/builder" },
      rule: { subject: "arn:aws:iam::123456789012:role/ci/*" },
      outcome: "matches",
    },
    { job: "a tag that the caller chose", rule: { claims: { [TEAM]: ["platform"] } }, outcome: "matches" },

    {
      job: "a user, under a pattern",
      token: { sub: "arn:aws:iam::123456789012:user/ada" },
      rule: { subject: "arn:aws:iam::123456789012:**" },
      outcome: NOT_ROLE,
    },
    {
      job: "a session, under a pattern",
      token: { sub: "arn:aws:sts::123456789012:assumed-role/builder/x" },
      rule: { subject: "**" },
      outcome: NOT_ROLE,
    },
    {
      job: "the root of the account, under a pattern",
      token: { sub: "arn:aws:iam::123456789012:root" },
      rule: { subject: "**" },
      outcome: NOT_ROLE,
    },
    {
      job: "a user, asked for",
      token: { sub: "arn:aws:iam::123456789012:user/ada" },
      rule: { subject: "arn:aws:iam::123456789012:user/ada" },
      outcome: "matches",
    },
  ],
  tenants: {
    "arn:aws:iam::123456789012:role/": "id",
    "arn:aws-us-gov:iam::123456789012:role/builder": "id",
    "x:arn:aws:iam::123456789012:role/": "none",
    "arn:aws:iam::123456789012:": "none",
    "arn:aws:iam::*:role/": "none",
    "": "none",
  },
  issuers: {
    [TOKEN.iss]: "own",
    [`${TOKEN.iss}.evil.example`]: "other",
    [`${TOKEN.iss}/x`]: "other",
    [`https://evil.example/${TOKEN.iss}`]: "other",
    "https://abc12345.tokens.sts.global.api.aws": "other",
  },
});
