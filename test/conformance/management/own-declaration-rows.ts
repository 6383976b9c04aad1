import type { ManagedBerth } from "../../support/managed-berth.ts";
import { DECLARED, declaring } from "./own-samples.ts";
import type { RefusalRow } from "./refusal-row.ts";

const path = "/declarations/apply";
const admin = (world: ManagedBerth) => world.holder("org:admin");

/** `acme` with the robot `packer`, whose other fields these are. */
function packer(fields: string) {
  return declaring(`namespaces: [{ name: acme, robots: [{ name: packer, ${fields} }] }]`);
}

/** The declaration that another one follows. */
async function applied(world: ManagedBerth, body: object): Promise<void> {
  await world.operator("POST", path, body);
}

const REGISTRY = "registries: [{ service: second.example.com, url: https://second.example.com, token: x5c }]";
const EMPTY = declaring("namespaces: []", { prune: true });

export const DECLARATION_ROWS: readonly RefusalRow[] = [
  [
    "applyDeclaration",
    "administrative_robot",
    async ({ berth }) => {
      const rule = `{ issuer: "${berth.issuer.url}", subject: "repo:acme/app:ref:refs/heads/main", api_scopes: [rules:write] }`;
      return { path, body: packer(`rules: [${rule}]`), by: admin };
    },
  ],
  [
    "applyDeclaration",
    "permission_foreign",
    async () => ({
      path,
      body: packer("permissions: [{ repository: other/app, role: read }]"),
      by: admin,
    }),
  ],
  [
    "applyDeclaration",
    "managed_elsewhere",
    async () => ({
      path,
      body: declaring("namespaces: [{ name: acme, robots: [{ name: builder }] }]"),
    }),
  ],
  [
    "applyDeclaration",
    "name_reserved",
    async (world) => {
      await world.operator("DELETE", "/namespaces/alice");
      return { path, body: declaring("namespaces: [{ name: alice, kind: user }]") };
    },
  ],
  [
    "applyDeclaration",
    "in_use",
    async (world) => {
      await applied(world, declaring(REGISTRY));
      const permission = { registry: "second.example.com", repository: "acme/app", role: "read" };
      await world.operator("PUT", "/namespaces/acme/robots/builder/permissions", {
        permissions: [permission],
      });
      return { path, body: EMPTY };
    },
  ],
  [
    "applyDeclaration",
    "stale_revision",
    async (world) => {
      // A revision stays: an owner of its own, so that no other row meets it.
      await applied(world, declaring("revision: 2", { owner: "staged" }));
      return { path, body: { ...DECLARED, owner: "staged" } };
    },
  ],
];
