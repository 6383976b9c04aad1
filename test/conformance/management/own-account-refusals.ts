import { aRule } from "../../support/baseline.ts";
import type { ManagedBerth } from "../../support/managed-berth.ts";
import { storeRobot } from "../../support/stored-robot.ts";
import { admin, BUILDER, type RefusalRow, withBuilder } from "./refusal-row.ts";

const DEPLOYER = "/namespaces/acme/robots/deployer";

async function withFileNamespace({ berth }: ManagedBerth): Promise<void> {
  await storeRobot(berth, {}, { managedBy: "file", enabled: false });
}

const NAMESPACE_ROWS: readonly RefusalRow[] = [
  ["createNamespace", "name_malformed", async () => ({ path: "/namespaces", body: { name: "Not a name" } })],
  ["createNamespace", "name_taken", async () => ({ path: "/namespaces", body: { name: "acme" } })],
  [
    "createNamespace",
    "name_reserved",
    async (world) => {
      await world.operator("DELETE", "/namespaces/alice");
      return { path: "/namespaces", body: { name: "alice" } };
    },
  ],
  ["getNamespace", "namespace_unknown", async () => ({ path: "/namespaces/nobody" })],
  [
    "updateNamespace",
    "namespace_unknown",
    async () => ({ path: "/namespaces/nobody", body: { enabled: false } }),
  ],
  [
    "updateNamespace",
    "managed_elsewhere",
    async (world) => {
      await withFileNamespace(world);
      return { path: "/namespaces/acme", body: { enabled: true } };
    },
  ],
  ["deleteNamespace", "namespace_unknown", async () => ({ path: "/namespaces/nobody" })],
  [
    "deleteNamespace",
    "managed_elsewhere",
    async (world) => {
      await withFileNamespace(world);
      return { path: "/namespaces/acme" };
    },
  ],
  ["deleteNamespace", "administrative_robot", async () => ({ path: "/namespaces/acme", by: admin })],
  ["releaseReservedName", "reservation_unknown", async () => ({ path: "/reserved-names/nobody" })],
  [
    "releaseReservedName",
    "in_use",
    async (world) => {
      await world.holder("org:read");
      await world.operator("DELETE", "/namespaces/alice");
      return { path: "/reserved-names/alice" };
    },
  ],
  ["listRobots", "namespace_unknown", async () => ({ path: "/namespaces/nobody/robots" })],
  [
    "createRobot",
    "namespace_unknown",
    async () => ({ path: "/namespaces/nobody/robots", body: { name: "fresh" } }),
  ],
  ["createRobot", "name_taken", async () => ({ path: "/namespaces/acme/robots", body: { name: "builder" } })],
  ["listNearMisses", "namespace_unknown", async () => ({ path: "/namespaces/nobody/near-misses" })],
];

const declaredToken = { hash: "ab".repeat(32), number: 1, createdAt: 1_700_000_000, declared: true };

const ROBOT_ROWS: readonly RefusalRow[] = [
  ["updateRobot", "permission_foreign", async () => ({ path: BUILDER, body: { catalog: true }, by: admin })],
  ["updateRobot", "rules_refused", async () => ({ path: DEPLOYER, body: { catalog: true } })],
  ...(["regenerateRobotToken", "removeRobotToken"] as const).map(
    (operationId): RefusalRow => [
      operationId,
      "token_declared",
      async (world) => {
        await withBuilder(world, { token: declaredToken });
        return { path: `${BUILDER}/token` };
      },
    ],
  ),
  [
    "regenerateRobotToken",
    "keyless_only",
    async (world) => {
      await withBuilder(world, { keylessOnly: true });
      return { path: `${BUILDER}/token` };
    },
  ],
];

const FOREIGN = { repository: "other/app", role: "read" };
const UNKNOWN_REGISTRY = { repository: "acme/app", role: "read", registry: "nobody.example.com" };
const manyPermissions = Array.from({ length: 1001 }, (_, at) => ({
  registry: "registry.example.com",
  repository: `acme/app-${at}`,
  role: "read" as const,
}));

/** A rule that grants by name what would be taken away. */
async function withGrantingRule(world: ManagedBerth): Promise<void> {
  const permissions = [{ registry: "registry.example.com", repository: "acme/app", role: "write" as const }];
  await withBuilder(world, { rules: [aRule({ issuer: world.berth.issuer.url, permissions })] });
}

const PERMISSION_ROWS: readonly RefusalRow[] = [
  ...[
    ["replaceRobotPermissions", (permission: object) => ({ permissions: [permission] })] as const,
    ["addRobotPermission", (permission: object) => permission] as const,
  ].flatMap(([operationId, bodyOf]): RefusalRow[] => [
    [
      operationId,
      "registry_unknown",
      async () => ({ path: `${BUILDER}/permissions`, body: bodyOf(UNKNOWN_REGISTRY) }),
    ],
    [
      operationId,
      "permission_foreign",
      async () => ({ path: `${BUILDER}/permissions`, body: bodyOf(FOREIGN), by: admin }),
    ],
    [
      operationId,
      "rules_refused",
      async (world) => {
        await withGrantingRule(world);
        return { path: `${BUILDER}/permissions`, body: bodyOf({ repository: "acme/app", role: "read" }) };
      },
    ],
  ]),
  [
    "replaceRobotPermissions",
    "limit_reached",
    async () => ({ path: `${BUILDER}/permissions`, body: { permissions: manyPermissions } }),
  ],
  [
    "addRobotPermission",
    "limit_reached",
    async (world) => {
      await withBuilder(world, { permissions: manyPermissions.slice(1) });
      return { path: `${BUILDER}/permissions`, body: manyPermissions[0] };
    },
  ],
  [
    "removeRobotPermission",
    "permission_unknown",
    async () => ({ path: `${BUILDER}/permissions?repository=acme/none` }),
  ],
  [
    "removeRobotPermission",
    "rules_refused",
    async (world) => {
      await withGrantingRule(world);
      return { path: `${BUILDER}/permissions?repository=acme/app` };
    },
  ],
];

/** Of namespaces, robot accounts and their permissions. */
export const ACCOUNT_REFUSALS: readonly RefusalRow[] = [...NAMESPACE_ROWS, ...ROBOT_ROWS, ...PERMISSION_ROWS];
