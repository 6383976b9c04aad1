import { stringClaim } from "../claims.ts";
import type { Profile } from "./profile.ts";
import { plainSubject } from "./subject.ts";

const SHAPES = [
  /^https:\/\/oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/id\/[A-F0-9]+$/,
  /^https:\/\/container\.googleapis\.com\/v1\/projects\/[^/]+\/locations\/[^/]+\/clusters\/[^/]+$/,
  /^https:\/\/[a-z0-9-]+\.oic\.prod-aks\.azure\.com\/[^/]+\/[^/]+\/?$/,
  /^https:\/\/kubernetes\.default\.svc(?:\.cluster\.local)?$/,
];

/** Kubernetes service accounts: EKS, GKE and AKS by their URLs; another cluster says `profile: kubernetes`. */
export const kubernetes: Profile = {
  name: "kubernetes",
  recognises: (url) => SHAPES.some((shape) => shape.test(url)),
  isShared: () => false,
  defaults: {
    algorithms: ["RS256", "ES256", "ES384", "ES512"],
    // The kubelet hands a pod the same token until most of its life is over: where that is too little, an operator
    // writes `replay: reusable`. Older clusters give no jti.
    replay: "once",
    maxLifetimeSeconds: 3600,
  },
  tenants: [],
  recyclable: [
    { claim: "sub", id: "/kubernetes.io/serviceaccount/uid" },
    { claim: "/kubernetes.io/serviceaccount/name", id: "/kubernetes.io/serviceaccount/uid" },
  ],
  chosenByJob: [
    "/kubernetes.io/node/name",
    "/kubernetes.io/node/uid",
    "/kubernetes.io/pod/name",
    "/kubernetes.io/pod/uid",
  ],
  subjectCanBeCustomised: false,
  tenantOfSubject: (fixedPrefix) => (/^system:serviceaccount:[^:]+:/.test(fixedPrefix) ? "name" : "none"),
  subjectSpellings: plainSubject,
  denials: [
    {
      claim: "/kubernetes.io/serviceaccount/name",
      denies: (claims) => stringClaim(claims, "sub")?.endsWith(":default") !== false,
      what: "the service account that every pod of a namespace gets unless it names one",
    },
  ],
  provenance: [
    "/kubernetes.io/namespace",
    "/kubernetes.io/serviceaccount/uid",
    "/kubernetes.io/pod/name",
    "/kubernetes.io/pod/uid",
  ],
  variables: {},
};
