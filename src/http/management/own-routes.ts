import { API_TOKEN_ROUTES } from "./api-tokens-routes.ts";
import { AUDIT_PURGE_ROUTES } from "./audit-purge-routes.ts";
import { AUDIT_ROUTES } from "./audit-routes.ts";
import { CREDENTIAL_ROUTES } from "./credentials-routes.ts";
import { CUT_OFF_ROUTES } from "./cut-off-routes.ts";
import { DECLARATION_ROUTES } from "./declarations-routes.ts";
import { EXPLAIN_ROUTES } from "./explain-routes.ts";
import { ISSUER_ROUTES } from "./issuers-routes.ts";
import { KEY_ROUTES } from "./keys-routes.ts";
import { METRICS_ROUTES } from "./metrics-routes.ts";
import { NAMESPACE_ROUTES } from "./namespaces-routes.ts";
import { NEAR_MISS_ROUTES } from "./near-misses-routes.ts";
import { PERMISSION_ROUTES } from "./permissions-routes.ts";
import { REGISTRY_ROUTES } from "./registries-routes.ts";
import { RESERVED_NAME_ROUTES } from "./reserved-names-routes.ts";
import { ROBOT_TOKEN_ROUTES } from "./robot-token-routes.ts";
import { ROBOT_ROUTES } from "./robots-routes.ts";
import type { ManagementRoute } from "./route-definition.ts";
import { RULE_ROUTES } from "./rule-routes.ts";
import { RULES_ROUTES } from "./rules-routes.ts";

/** Berth's own routes: strict in what they take, with a version of what they write, and lists in pages. */
export const OWN_ROUTES: readonly ManagementRoute[] = [
  ...NAMESPACE_ROUTES,
  ...RESERVED_NAME_ROUTES,
  ...ROBOT_ROUTES,
  ...ROBOT_TOKEN_ROUTES,
  ...PERMISSION_ROUTES,
  ...RULES_ROUTES,
  ...RULE_ROUTES,
  ...NEAR_MISS_ROUTES,
  ...EXPLAIN_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...CUT_OFF_ROUTES,
  ...AUDIT_ROUTES,
  ...AUDIT_PURGE_ROUTES,
  ...DECLARATION_ROUTES,
  ...ISSUER_ROUTES,
  ...REGISTRY_ROUTES,
  ...API_TOKEN_ROUTES,
  ...KEY_ROUTES,
  ...METRICS_ROUTES,
];
