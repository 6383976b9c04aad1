import { aRule } from "../../support/baseline.ts";
import type { ManagedBerth } from "../../support/managed-berth.ts";
import type { RefusedCall } from "../../support/refused-calls.ts";
import { ISSUER, REGISTRY_PATH } from "./own-samples.ts";
import { BUILDER, type RefusalRow, withBuilder } from "./refusal-row.ts";

const ISSUER_PATH = `/issuers/${encodeURIComponent(ISSUER)}`;

function fileIssuer({ berth }: ManagedBerth): string {
  return `/issuers/${encodeURIComponent(berth.issuer.url)}`;
}

const cutOff = (reason: RefusedCall["reason"], body: object): RefusalRow => [
  "cutOff",
  reason,
  async () => ({ path: "/cut-off", body }),
];

const CREDENTIAL_ROWS: readonly RefusalRow[] = [
  [
    "listNamespaceCredentials",
    "robot_unknown",
    async () => ({ path: "/namespaces/acme/credentials?robot=nobody" }),
  ],
  ["revokeCredentialById", "credential_unknown", async () => ({ path: `/credentials/07${"ab".repeat(16)}` })],
  cutOff("namespace_unknown", { kind: "namespace", namespace: "nobody" }),
  cutOff("robot_unknown", { kind: "robot", robot: "acme+nobody" }),
  cutOff("rule_unknown", { kind: "rule", robot: "acme+builder", rule_id: "no-such-rule" }),
  cutOff("issuer_unknown", { kind: "issuer", url: "https://nobody.example.com" }),
  cutOff("credential_unknown", { kind: "credential", id: "junk" }),
  ["revokeApiToken", "api_token_unknown", async () => ({ path: `/tokens/${"ab".repeat(16)}` })],
];

const SYSTEM_ROWS: readonly RefusalRow[] = [
  ["getIssuer", "issuer_unknown", async () => ({ path: ISSUER_PATH })],
  ["putIssuer", "managed_elsewhere", async (world) => ({ path: fileIssuer(world), body: {} })],
  ["setIssuerEnabled", "issuer_unknown", async () => ({ path: ISSUER_PATH, body: { enabled: false } })],
  [
    "setIssuerEnabled",
    "managed_elsewhere",
    async (world) => {
      await world.operator("PATCH", fileIssuer(world), { enabled: false });
      return { path: fileIssuer(world), body: { enabled: true } };
    },
  ],
  ["deleteIssuer", "issuer_unknown", async () => ({ path: ISSUER_PATH })],
  ["deleteIssuer", "managed_elsewhere", async (world) => ({ path: fileIssuer(world) })],
  [
    "deleteIssuer",
    "in_use",
    async (world) => {
      await world.operator("PUT", ISSUER_PATH, {});
      await withBuilder(world, { rules: [aRule({ issuer: ISSUER })] });
      return { path: ISSUER_PATH };
    },
  ],
  ["getRegistry", "registry_unknown", async () => ({ path: REGISTRY_PATH })],
  [
    "putRegistry",
    "managed_elsewhere",
    async () => ({
      path: "/registries/registry.example.com",
      body: { url: "https://registry.example.com", token: "kid" },
    }),
  ],
  ["deleteRegistry", "registry_unknown", async () => ({ path: REGISTRY_PATH })],
  ["deleteRegistry", "managed_elsewhere", async () => ({ path: "/registries/registry.example.com" })],
  [
    "deleteRegistry",
    "in_use",
    async (world) => {
      await world.operator("PUT", REGISTRY_PATH, { url: "https://second.example.com", token: "x5c" });
      const permission = { registry: "second.example.com", repository: "acme/app", role: "read" };
      await world.operator("PUT", `${BUILDER}/permissions`, { permissions: [permission] });
      return { path: REGISTRY_PATH };
    },
  ],
];

/** Of credentials, issuers, registries and API tokens. */
export const SYSTEM_REFUSALS: readonly RefusalRow[] = [...CREDENTIAL_ROWS, ...SYSTEM_ROWS];
