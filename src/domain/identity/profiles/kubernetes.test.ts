import { expect, it } from "vitest";
import { claimsOf } from "../../../../test/support/claims.ts";
import { describeProfile } from "../../../../test/support/profile-table.ts";
import { kubernetes } from "./kubernetes.ts";

const UID = "/kubernetes.io/serviceaccount/uid";
const NAME = "/kubernetes.io/serviceaccount/name";
const DEFAULT = "denied: the service account that every pod of a namespace gets unless it names one";
const pod = (serviceaccount: unknown) => ({
  "kubernetes.io": {
    namespace: "ci",
    pod: { name: "build-7", uid: "0f2c9a3e-5a7b-4b4e-9d38-6a1f6f6b2f10" },
    serviceaccount,
  },
});
const BUILDER = { name: "builder", uid: "6b0c5f0e-1d2b-4a66-9f0f-7c2b5b1d9e21" };

/** A projected service account token of EKS. */
const TOKEN = {
  iss: "https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
  sub: "system:serviceaccount:ci:builder",
  jti: "c7d1c1f0-2f3c-4f77-9d56-0f9d3f6b8a10",
  nbf: 1_790_000_000,
  ...pod(BUILDER),
};

const CLUSTERS = [
  TOKEN.iss,
  "https://container.googleapis.com/v1/projects/acme/locations/europe-west3/clusters/build",
  "https://westeurope.oic.prod-aks.azure.com/0f2c9a3e/6b0c5f0e/",
  "https://kubernetes.default.svc.cluster.local",
  "https://kubernetes.default.svc",
];

describeProfile({
  profile: kubernetes,
  token: TOKEN,
  rule: { subject: TOKEN.sub, claims: { [UID]: [BUILDER.uid] } },
  rows: [
    {
      job: "an account made again under the name",
      token: pod({ ...BUILDER, uid: "ffffffff-1d2b-4a66-9f0f-7c2b5b1d9e21" }),
      outcome: `claim ${UID}`,
    },
    {
      job: "the namespace's neighbour",
      token: { sub: "system:serviceaccount:ci-evil:builder" },
      outcome: "subject",
    },
    {
      job: "the other account of the namespace",
      token: { sub: "system:serviceaccount:ci:other" },
      outcome: "subject",
    },
    {
      job: "the account of another cluster",
      token: { iss: "https://oidc.eks.eu-central-1.amazonaws.com/id/FEDCBA98" },
      outcome: "issuer",
    },
    { job: "a user", token: { sub: "builder" }, outcome: "subject" },
    {
      job: "a colon in the place of a name",
      token: { sub: "system:serviceaccount:ci:x:builder" },
      rule: { subject: "system:serviceaccount:*:builder", claims: {} },
      outcome: "subject",
    },

    { job: "an account that is a list", token: pod([BUILDER]), outcome: `claim ${UID}` },
    { job: "an account that is text", token: pod(BUILDER.uid), outcome: `claim ${UID}` },
    { job: "an account that is null", token: pod(null), outcome: `claim ${UID}` },
    {
      job: "claims named with dots, as if nested",
      token: { "kubernetes.io": undefined, "kubernetes.io/serviceaccount/uid": BUILDER.uid },
      outcome: `claim ${UID}`,
    },
    {
      job: "the uid at the top",
      token: { "kubernetes.io": undefined, uid: BUILDER.uid },
      outcome: `claim ${UID}`,
    },

    {
      job: "the default account, under a pattern",
      token: { sub: "system:serviceaccount:ci:default" },
      rule: { subject: "system:serviceaccount:ci:*", claims: {} },
      outcome: DEFAULT,
    },
    {
      job: "the default account, by its subject",
      token: { sub: "system:serviceaccount:ci:default" },
      rule: { subject: "system:serviceaccount:ci:default", claims: {} },
      outcome: DEFAULT,
    },
    {
      job: "the default account, asked for",
      token: { sub: "system:serviceaccount:ci:default", ...pod({ name: "default", uid: "1" }) },
      rule: { subject: "system:serviceaccount:ci:default", claims: { [NAME]: ["default"] } },
      outcome: "matches",
    },
  ],
  tenants: {
    "system:serviceaccount:ci:": "name",
    "system:serviceaccount:ci:builder": "name",
    "system:serviceaccount:ci": "none",
    "x:system:serviceaccount:ci:": "none",
    "system:serviceaccount:": "none",
    "": "none",
  },
  issuers: {
    ...Object.fromEntries(CLUSTERS.map((url) => [url, "own"] as const)),
    ...Object.fromEntries(CLUSTERS.map((url) => [`https://evil.example/${url}`, "other"] as const)),
    ...Object.fromEntries(CLUSTERS.map((url) => [`${url}.evil.example/`, "other"] as const)),
    "https://oidc.eks.evil.example/id/0123": "other",
  },
});

it("denies a token whose account it cannot read", () => {
  expect(kubernetes.denials.map(({ denies }) => denies(claimsOf({ sub: 7 })))).toEqual([true]);
});
