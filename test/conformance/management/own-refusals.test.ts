import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ManagementReason } from "../../../src/domain/rejection.ts";
import { OWN_ROUTES } from "../../../src/http/management/own-routes.ts";
import { statusOf } from "../../../src/http/management/route-errors.ts";
import { aRule } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { expectRefused } from "../../support/refused-calls.ts";
import { storeRobot } from "../../support/stored-robot.ts";
import { ACCOUNT_REFUSALS } from "./own-account-refusals.ts";
import { DECLARATION_ROWS } from "./own-declaration-rows.ts";
import { RULE_REFUSALS } from "./own-rule-refusals.ts";
import { OWN_SAMPLES, ruleOf, type Sample } from "./own-samples.ts";
import { SYSTEM_REFUSALS } from "./own-system-refusals.ts";
import type { RefusalRow } from "./refusal-row.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

/** `own-routes.test.ts` shows these of each route that has them, `authorization.test.ts` the frame's. */
const SHOWN_ELSEWHERE: readonly ManagementReason[] = ["precondition_failed", "conflict"];
const OF_ROBOTS = OWN_ROUTES.filter(({ path }) => path.includes("/robots/{robot}"));

async function sample(operationId: string) {
  const made = await OWN_SAMPLES[operationId]?.(world);
  if (made === undefined) throw new Error(`${operationId} has no sample`);
  return made;
}

type Change = (sampled: Sample, operationId: string) => Promise<object> | object;

function having(reason: ManagementReason, change: Change): RefusalRow[] {
  return OF_ROBOTS.filter(({ errors }) => errors.includes(reason)).map(({ operationId }) => [
    operationId,
    reason,
    async () => {
      const sampled = await sample(operationId);
      return { ...sampled, ...(await change(sampled, operationId)) };
    },
  ]);
}

const elsewhere =
  (from: string, to: string): Change =>
  ({ path }) => ({ path: path.replace(from, to) });

/** The robot account as the sample left it, and a file's. */
const managedByFile: Change = async ({ body }, operationId) => {
  const robot = (await world.berth.directory.readRobot("acme+builder"))?.robot;
  // Disabling would be let through.
  const rules = robot?.rules.map((rule) => ({ ...rule, enabled: operationId !== "setRuleEnabled" }));
  await storeRobot(world.berth, { ...robot, ...(rules && { rules }), managedBy: "file" });
  return { body: operationId === "setRuleEnabled" ? { enabled: true } : body };
};

const ADMINISTRATIVE_BODIES: Readonly<Record<string, () => object>> = {
  createRule: () => ruleOf(world, { api_scopes: ["rules:write"] }),
  updateRule: () => ruleOf(world, { api_scopes: ["rules:write"] }),
  reorderRules: () => ({ ids: ["rule-3", "rule-2"] }),
  setRuleEnabled: () => ({ enabled: true }),
};

/** The same of the robot account that grants API scopes, by somebody who administers the namespace. */
const ofDeployer: Change = async ({ path, body }, operationId) => {
  // Disabling would be let through.
  const enabled = operationId !== "setRuleEnabled";
  const rule = aRule({ id: "rule-2", enabled, issuer: world.berth.issuer.url, apiScopes: ["rules:write"] });
  // One that has permissions must not be, and yet they are to be taken away.
  const permissions = operationId === "removeRobotPermission" ? {} : { permissions: [] };
  await storeRobot(world.berth, {
    name: "acme+deployer",
    uid: "deployer-uid",
    rules: [rule, { ...rule, id: "rule-3", subject: "repo:acme/ops:ref:refs/heads/main" }],
    token: { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: false },
    ...permissions,
  });
  return {
    path: path.replace("/builder", "/deployer").replace("rule-1", "rule-2"),
    body: ADMINISTRATIVE_BODIES[operationId]?.() ?? body,
    by: (there: ManagedBerth) => there.holder("org:admin"),
  };
};

const ROWS: readonly RefusalRow[] = [
  ...ACCOUNT_REFUSALS,
  ...RULE_REFUSALS,
  ...SYSTEM_REFUSALS,
  ...DECLARATION_ROWS,
  ...having("namespace_unknown", elsewhere("/namespaces/acme/", "/namespaces/nobody/")),
  ...having("robot_unknown", elsewhere("/robots/builder", "/robots/nobody")).filter(
    ([operationId]) => operationId !== "explainMatch",
  ),
  ...having("managed_elsewhere", managedByFile),
  ...having("administrative_robot", ofDeployer),
];

it("has a row for each reason of each route", () => {
  const wanted = OWN_ROUTES.flatMap(({ operationId, errors }) =>
    errors.filter((reason) => !SHOWN_ELSEWHERE.includes(reason)).map((reason) => `${operationId} ${reason}`),
  );
  const present = ROWS.map(([operationId, reason]) => `${operationId} ${reason}`);
  expect([...present].sort()).toEqual([...wanted].sort());
});

it.each([...ROWS])("%s refuses: %s", async (operationId, reason, make) => {
  const route = OWN_ROUTES.find((one) => one.operationId === operationId);
  if (route === undefined) throw new Error(`no route ${operationId}`);
  const call = await make(world);
  const status = statusOf(route, reason);
  await expectRefused(world, { what: reason, method: route.method.toUpperCase(), status, reason, ...call });
});

it.each([
  ["GET", "/namespaces/Not%20a%20name"],
  ["GET", "/namespaces/acme/robots/x"],
  ["GET", "/issuers/http%3A%2F%2Fplain.example.com"],
  ["GET", "/registries/%20"],
  ["DELETE", "/credentials/64abababababababababababababababab"],
  ["DELETE", "/reserved-names/a%7Bb%7D"],
  ["GET", `/namespaces/acme/robots/builder/rules/${"x".repeat(129)}`],
])("%s %s is no name", async (method, path) => {
  await expectRefused(world, { what: path, method, path, status: 400, reason: "name_malformed" });
});

/** Statuses are the table's: here they stand in numbers. */
it.each<[string, string, object | undefined, number]>([
  ["GET", "/namespaces/nobody", undefined, 404],
  ["POST", "/namespaces/nobody/robots", { name: "fresh" }, 404],
  ["POST", "/cut-off", { kind: "namespace", namespace: "nobody" }, 400],
  ["GET", "/namespaces/acme/credentials?robot=nobody", undefined, 400],
  ["POST", "/namespaces", { name: "acme" }, 409],
])("%s %s answers %s with %i", async (method, path, body, status) => {
  expect((await world.operator(method, path, body)).status).toBe(status);
});

it("takes a word of a path for no parameter", async () => {
  const { status, headers } = await world.operator("DELETE", "/tokens/self");
  expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect((await world.operator("GET", "/namespaces/acme/robots/builder/rules/lint")).status).toBe(405);
});
