import { CALLER_KINDS, type CallerKind, UNAUTHENTICATED } from "../../support/management-callers.ts";

/** Who may use a route; all others are refused. */
export interface AuthorizationRow {
  readonly allowed: readonly CallerKind[];
  /** Where the route's own parameters (`SAMPLE_PARAMETERS`) do not do: the path, below `/api/v1`. */
  readonly path?: string;
}

export const SAMPLE_PARAMETERS: Readonly<Record<string, string>> = {
  orgname: "acme",
  robot_shortname: "builder",
  repository: "acme/app",
  username: "acme+builder",
  namespace: "acme",
  robot: "builder",
  rule_id: "rule-1",
  name: "gone",
  url: encodeURIComponent("https://issuer.example.com"),
  service: "registry.example.com",
  credential_id: "07abababababababababababababababab",
  token_id: "00112233445566778899aabbccddeeff",
};

const ANYONE = CALLER_KINDS.filter((kind) => !UNAUTHENTICATED.includes(kind));
const OPERATORS: readonly CallerKind[] = ["super", "a super:user without a user"];
const ADMINS: readonly CallerKind[] = ["admin", ...OPERATORS];
const READERS: readonly CallerKind[] = [
  "reader",
  "a reader of all",
  "robots:write",
  "permissions:write",
  "rules:write",
  "an exchanged token",
  ...ADMINS,
];

function writers(scope: CallerKind, exchanged = true): readonly CallerKind[] {
  return [scope, ...(exchanged ? (["an exchanged token"] as const) : []), ...ADMINS];
}

/** Of a path of the current user: whoever is no user is kept out, and an identity token of `acme` is none. */
function users(kinds: readonly CallerKind[]): readonly CallerKind[] {
  return kinds.filter((kind) => !["an exchanged token", "a super:user without a user"].includes(kind));
}

const QUAY_ROWS: Readonly<Record<string, AuthorizationRow>> = {
  createOrganization: { allowed: OPERATORS },
  getOrganization: { allowed: READERS },
  deleteOrganization: { allowed: ADMINS },
  getLoggedInUser: { allowed: users(ANYONE) },
  createInstallUser: { allowed: OPERATORS },
  deleteInstallUser: { allowed: OPERATORS, path: "/superuser/users/alice" },
  getOrgRobots: { allowed: READERS },
  getOrgRobot: { allowed: READERS },
  createOrgRobot: { allowed: writers("robots:write") },
  deleteOrgRobot: { allowed: writers("robots:write") },
  regenerateOrgRobotToken: { allowed: writers("robots:write", false) },
  getOrgRobotPermissions: { allowed: READERS },
  getOrgRobotFederation: { allowed: READERS },
  createOrgRobotFederation: { allowed: writers("rules:write") },
  deleteOrgRobotFederation: { allowed: writers("rules:write") },
  // Another user's token reads and writes its own robots here, which is nobody else's business.
  getUserRobots: { allowed: [...users(READERS), "another namespace's admin"] },
  getUserRobot: { allowed: [...users(READERS), "another namespace's admin"] },
  createUserRobot: { allowed: [...users(writers("robots:write")), "another namespace's admin"] },
  deleteUserRobot: { allowed: [...users(writers("robots:write")), "another namespace's admin"] },
  regenerateUserRobotToken: { allowed: [...users(writers("robots:write")), "another namespace's admin"] },
  getUserRobotPermissions: { allowed: [...users(READERS), "another namespace's admin"] },
  getUserRobotFederation: { allowed: [...users(READERS), "another namespace's admin"] },
  createUserRobotFederation: { allowed: [...users(writers("rules:write")), "another namespace's admin"] },
  deleteUserRobotFederation: { allowed: [...users(writers("rules:write")), "another namespace's admin"] },
  listRepoUserPermissions: { allowed: READERS },
  getUserPermissions: { allowed: READERS },
  changeUserPermissions: { allowed: writers("permissions:write") },
  deleteUserPermissions: { allowed: writers("permissions:write") },
};

const WATCHERS: readonly CallerKind[] = ["auditor", "credentials:revoke"];
const READING_PEOPLE = READERS.filter((kind) => kind !== "an exchanged token");

const OWN_ROWS: Readonly<Record<string, AuthorizationRow>> = {
  // Each is told of its own namespaces alone.
  listNamespaces: { allowed: [...READERS, ...WATCHERS, "another namespace's admin"] },
  createNamespace: { allowed: OPERATORS },
  getNamespace: { allowed: READERS },
  updateNamespace: { allowed: ADMINS },
  deleteNamespace: { allowed: ADMINS },
  listReservedNames: { allowed: OPERATORS },
  releaseReservedName: { allowed: OPERATORS },
  listRobots: { allowed: READERS },
  createRobot: { allowed: writers("robots:write") },
  getRobot: { allowed: READERS },
  updateRobot: { allowed: writers("robots:write") },
  deleteRobot: { allowed: writers("robots:write") },
  regenerateRobotToken: { allowed: writers("robots:write", false) },
  removeRobotToken: { allowed: writers("robots:write", false) },
  getRobotPermissions: { allowed: READERS },
  replaceRobotPermissions: { allowed: writers("permissions:write") },
  addRobotPermission: { allowed: writers("permissions:write") },
  removeRobotPermission: {
    allowed: writers("permissions:write"),
    path: "/namespaces/acme/robots/builder/permissions?repository=acme/app",
  },
  listRules: { allowed: READERS },
  createRule: { allowed: writers("rules:write") },
  reorderRules: { allowed: writers("rules:write") },
  lintRule: { allowed: READERS },
  getRule: { allowed: READERS },
  updateRule: { allowed: writers("rules:write") },
  setRuleEnabled: { allowed: writers("rules:write") },
  deleteRule: { allowed: writers("rules:write") },
  listNearMisses: { allowed: READERS },
  explainMatch: { allowed: READERS },
  listCredentials: { allowed: OPERATORS },
  listNamespaceCredentials: { allowed: [...READING_PEOPLE, ...WATCHERS] },
  // The credential's namespace is known when it has been read, and this one is nobody's.
  revokeCredentialById: { allowed: ["credentials:revoke", "another namespace's admin", ...ADMINS] },
  cutOff: { allowed: ["credentials:revoke", ...ADMINS] },
  readAudit: { allowed: OPERATORS },
  readNamespaceAudit: { allowed: ["auditor", "a reader of all", ...ADMINS] },
  purgeSubject: { allowed: OPERATORS },
  planDeclaration: { allowed: READERS },
  applyDeclaration: { allowed: writers("robots:write") },
  listIssuers: { allowed: ANYONE },
  getIssuer: { allowed: ANYONE },
  putIssuer: { allowed: OPERATORS },
  setIssuerEnabled: { allowed: OPERATORS },
  deleteIssuer: { allowed: OPERATORS },
  listRegistries: { allowed: ANYONE },
  getRegistry: { allowed: ANYONE },
  putRegistry: { allowed: OPERATORS },
  deleteRegistry: { allowed: OPERATORS },
  listApiTokens: { allowed: OPERATORS },
  createApiToken: { allowed: ADMINS },
  getOwnApiToken: { allowed: ANYONE },
  revokeApiToken: { allowed: OPERATORS },
  listKeys: { allowed: OPERATORS },
  readMetrics: { allowed: OPERATORS },
};

/** A row for each route, by its operation id: one without is a failing test. */
export const AUTHORIZATION_ROWS: Readonly<Record<string, AuthorizationRow>> = { ...OWN_ROWS, ...QUAY_ROWS };
