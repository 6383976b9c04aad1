import { describeProfile } from "../../../../test/support/profile-table.ts";
import { google } from "./google.ts";

const PERSON = "denied: the login of a person";
const ACCOUNT = "103456789012345678901";
const EMAIL = "builder@acme-ci.iam.gserviceaccount.com";

/** A virtual machine's identity token, in its full form. */
const TOKEN = {
  iss: "https://accounts.google.com",
  sub: ACCOUNT,
  azp: ACCOUNT,
  email: EMAIL,
  email_verified: true,
  google: {
    compute_engine: { project_id: "acme-ci", project_number: 739_419_398_126, zone: "europe-west3-a" },
  },
};
const CLAIMS = { email: [EMAIL], email_verified: ["true"] };
const NUMBER = "/google/compute_engine/project_number";

describeProfile({
  profile: google,
  token: TOKEN,
  rule: { subject: ACCOUNT, claims: CLAIMS },
  rows: [
    {
      job: "the address with a new account",
      token: { sub: "109999999999999999999", azp: "109999999999999999999" },
      outcome: "subject",
    },
    {
      job: "the account under another address",
      token: { email: "other@acme-ci.iam.gserviceaccount.com" },
      outcome: "claim email",
    },
    { job: "an account without its last digit", token: { sub: ACCOUNT.slice(0, -1) }, outcome: "subject" },
    {
      job: "an address that is not verified",
      token: { email_verified: false },
      outcome: "claim email_verified",
    },
    { job: "verified by name", token: { email_verified: "true" }, outcome: "matches" },
    {
      job: "the project by its number",
      rule: { claims: { [NUMBER]: ["739419398126"] } },
      outcome: "matches",
    },
    {
      job: "another project's number",
      rule: { claims: { [NUMBER]: ["739419398127"] } },
      outcome: `claim ${NUMBER}`,
    },
    {
      job: "a token of the short form",
      token: { google: undefined },
      rule: { claims: { [NUMBER]: ["739419398126"] } },
      outcome: `claim ${NUMBER}`,
    },

    { job: "a person of a domain", token: { hd: "acme.example" }, outcome: PERSON },
    { job: "a person's login in a browser", token: { nonce: "n-0S6_WzA2Mj" }, outcome: PERSON },
    {
      job: "a person's login beside an access token",
      token: { at_hash: "MTIzNDU2Nzg5MDEyMzQ1Ng" },
      outcome: PERSON,
    },
    { job: "a domain that is null", token: { hd: null }, outcome: PERSON },
    {
      job: "a person of a domain, asked for",
      token: { hd: "acme.example" },
      rule: { claims: { ...CLAIMS, hd: ["acme.example"] } },
      outcome: "matches",
    },
  ],
  tenants: {
    [ACCOUNT]: "id",
    [`${ACCOUNT}0`]: "none",
    [`0${ACCOUNT}`]: "none",
    "1034": "none",
    "": "none",
  },
  issuers: { "https://accounts.google.com": "shared", "https://accounts.google.com/": "other" },
});
