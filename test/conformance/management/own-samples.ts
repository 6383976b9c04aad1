import { addApiToken } from "../../support/api-tokens.ts";
import type { ManagedBerth } from "../../support/managed-berth.ts";
import { mintCredential } from "../../support/minted-credential.ts";

/** A request of one of Berth's own routes that is carried out, made by an operator. */
export interface Sample {
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: object;
  /** What the record says afterwards; nothing unless it says so. */
  readonly changes?: readonly string[];
  /** The request whose ETag its condition is about, where that is not a GET of the robot account or of the path. */
  readonly versionOf?: readonly [method: string, path: string];
}

export const ISSUER = "https://ci.example.com";
const ISSUER_PATH = `/issuers/${encodeURIComponent(ISSUER)}`;
export const REGISTRY_PATH = "/registries/second.example.com";
const REGISTRY = { url: "https://second.example.com", token: "x5c" };
const BUILDER = "/namespaces/acme/robots/builder";
const CHANGED = ["directory.changed robot acme+builder"];
const ISSUER_CHANGED = [`directory.changed issuer ${ISSUER}`];
const REGISTRY_CHANGED = ["directory.changed registry second.example.com"];
const OTHER_APP = { repository: "acme/other", role: "read" };

export function ruleOf(world: ManagedBerth, change: object = {}) {
  return { issuer: world.berth.issuer.url, subject: "repo:acme/other:ref:refs/heads/main", ...change };
}

async function withNewIssuer(world: ManagedBerth): Promise<void> {
  await world.operator("PUT", ISSUER_PATH, {});
}

async function withNewRegistry(world: ManagedBerth): Promise<void> {
  await world.operator("PUT", REGISTRY_PATH, REGISTRY);
}

type MakeSample = (world: ManagedBerth) => Promise<Sample>;

const ACCOUNT_SAMPLES: Readonly<Record<string, MakeSample>> = {
  listNamespaces: async () => ({ path: "/namespaces" }),
  createNamespace: async () => ({
    path: "/namespaces",
    body: { name: "fresh", kind: "user" },
    changes: ["directory.changed namespace fresh"],
  }),
  getNamespace: async () => ({ path: "/namespaces/acme" }),
  updateNamespace: async () => ({
    path: "/namespaces/acme",
    body: { enabled: false },
    changes: ["directory.changed namespace acme"],
  }),
  deleteNamespace: async () => ({
    path: "/namespaces/acme",
    changes: ["directory.changed namespace acme"],
  }),
  listReservedNames: async () => ({ path: "/reserved-names" }),
  releaseReservedName: async (world) => {
    // No API token is bound to it.
    await world.operator("POST", "/namespaces", { name: "gone" });
    await world.operator("DELETE", "/namespaces/gone");
    return { path: "/reserved-names/gone", changes: ["namespace.released"] };
  },
  listRobots: async () => ({ path: "/namespaces/acme/robots" }),
  createRobot: async () => ({
    path: "/namespaces/acme/robots",
    body: { name: "fresh" },
    changes: ["directory.changed robot acme+fresh"],
  }),
  getRobot: async () => ({ path: BUILDER }),
  updateRobot: async () => ({ path: BUILDER, body: { description: "new" }, changes: CHANGED }),
  deleteRobot: async () => ({ path: BUILDER, changes: CHANGED }),
  regenerateRobotToken: async () => ({
    path: `${BUILDER}/token`,
    body: {},
    changes: ["robot_token.regenerated robot acme+builder"],
  }),
  removeRobotToken: async (world) => {
    await world.operator("POST", `${BUILDER}/token`);
    return { path: `${BUILDER}/token`, changes: CHANGED };
  },
  getRobotPermissions: async () => ({ path: `${BUILDER}/permissions` }),
  replaceRobotPermissions: async () => ({
    path: `${BUILDER}/permissions`,
    body: { permissions: [OTHER_APP] },
    changes: CHANGED,
  }),
  addRobotPermission: async () => ({ path: `${BUILDER}/permissions`, body: OTHER_APP, changes: CHANGED }),
  removeRobotPermission: async () => ({
    path: `${BUILDER}/permissions?repository=acme/app`,
    changes: CHANGED,
  }),
};

const RULE_SAMPLES: Readonly<Record<string, MakeSample>> = {
  listRules: async () => ({ path: `${BUILDER}/rules` }),
  createRule: async (world) => ({ path: `${BUILDER}/rules`, body: ruleOf(world), changes: CHANGED }),
  reorderRules: async (world) => {
    const made = await world.operator("POST", `${BUILDER}/rules`, ruleOf(world));
    const ids = [(made.body as { id: string }).id, "rule-1"];
    return { path: `${BUILDER}/rules`, body: { ids }, changes: CHANGED };
  },
  lintRule: async (world) => ({ path: `${BUILDER}/rules/lint`, body: ruleOf(world) }),
  getRule: async () => ({ path: `${BUILDER}/rules/rule-1` }),
  updateRule: async (world) => ({ path: `${BUILDER}/rules/rule-1`, body: ruleOf(world), changes: CHANGED }),
  setRuleEnabled: async () => ({
    path: `${BUILDER}/rules/rule-1`,
    body: { enabled: false },
    changes: CHANGED,
  }),
  deleteRule: async () => ({ path: `${BUILDER}/rules/rule-1`, changes: CHANGED }),
  listNearMisses: async () => ({ path: "/namespaces/acme/near-misses" }),
  explainMatch: async (world) => ({
    path: `${BUILDER}/explain`,
    body: { claims: { iss: world.berth.issuer.url, sub: "repo:acme/app:ref:refs/heads/main" } },
  }),
};

const SYSTEM_SAMPLES: Readonly<Record<string, MakeSample>> = {
  listIssuers: async () => ({ path: "/issuers" }),
  getIssuer: async ({ berth }) => ({ path: `/issuers/${encodeURIComponent(berth.issuer.url)}` }),
  putIssuer: async (world) => {
    await withNewIssuer(world);
    return { path: ISSUER_PATH, body: { replay: "jti" }, changes: ISSUER_CHANGED };
  },
  setIssuerEnabled: async (world) => {
    await withNewIssuer(world);
    return { path: ISSUER_PATH, body: { enabled: false }, changes: ISSUER_CHANGED };
  },
  deleteIssuer: async (world) => {
    await withNewIssuer(world);
    return { path: ISSUER_PATH, changes: ISSUER_CHANGED };
  },
  listRegistries: async () => ({ path: "/registries" }),
  getRegistry: async () => ({ path: "/registries/registry.example.com" }),
  putRegistry: async (world) => {
    await withNewRegistry(world);
    return { path: REGISTRY_PATH, body: { ...REGISTRY, token_seconds: 60 }, changes: REGISTRY_CHANGED };
  },
  deleteRegistry: async (world) => {
    await withNewRegistry(world);
    return { path: REGISTRY_PATH, changes: REGISTRY_CHANGED };
  },
  listKeys: async () => ({ path: "/keys" }),
  readMetrics: async () => ({ path: "/metrics" }),
};

export const DECLARED = declaring("namespaces: [{ name: acme, robots: [{ name: packer }] }]");

/** A declaration of one file. */
export function declaring(text: string, more: object = {}) {
  return { files: [{ name: "acme.yaml", text }], ...more };
}

const DECLARATION_SAMPLES: Readonly<Record<string, MakeSample>> = {
  planDeclaration: async () => ({ path: "/declarations/plan", body: DECLARED }),
  applyDeclaration: async () => ({
    path: "/declarations/apply",
    body: DECLARED,
    changes: ["directory.changed robot acme+packer"],
    versionOf: ["POST", "/declarations/plan"],
  }),
};

const CREDENTIAL_SAMPLES: Readonly<Record<string, MakeSample>> = {
  listCredentials: async () => ({ path: "/credentials" }),
  listNamespaceCredentials: async () => ({ path: "/namespaces/acme/credentials" }),
  revokeCredentialById: async ({ berth }) => {
    const { credential } = await mintCredential(berth);
    return { path: `/credentials/${credential.id}`, changes: ["credentials.cut_off"] };
  },
  cutOff: async () => ({
    path: "/cut-off",
    body: { kind: "robot", robot: "acme+builder" },
    changes: ["credentials.cut_off robot acme+builder"],
  }),
  readAudit: async () => ({ path: "/audit" }),
  readNamespaceAudit: async () => ({ path: "/namespaces/acme/audit" }),
  purgeSubject: async () => ({
    path: "/audit/purge",
    body: { subject: "repo:alice/app" },
    changes: ["audit.purged"],
  }),
  listApiTokens: async () => ({ path: "/tokens" }),
  createApiToken: async () => ({ path: "/tokens", body: { scopes: ["org:read"], namespaces: ["acme"] } }),
  getOwnApiToken: async () => ({ path: "/tokens/self" }),
  revokeApiToken: async ({ berth }) => {
    const { record } = await addApiToken(berth.deps.apiTokens, berth.clock.seconds());
    return { path: `/tokens/${record.id}`, changes: [`api_token.revoked api token ${record.id}`] };
  },
};

/** One for each of Berth's own routes, by its operation id. */
export const OWN_SAMPLES: Readonly<Record<string, MakeSample>> = {
  ...ACCOUNT_SAMPLES,
  ...RULE_SAMPLES,
  ...SYSTEM_SAMPLES,
  ...DECLARATION_SAMPLES,
  ...CREDENTIAL_SAMPLES,
};
