import { aNamespace, anEvent, aRobot, aRule } from "./baseline.ts";
import type { BerthChange, TestBerth } from "./berth-app.ts";

/** The baseline's robot account as one for administration: its rule grants API scopes, and it may push nothing. */
export const ADMINISTRATION: BerthChange = {
  robot: { permissions: [] },
  rule: { apiScopes: ["rules:write", "robots:write"], ttlSeconds: 900 },
};

/** Puts one more robot account beside the baseline's: `acme+deployer`, for the same jobs to administer with. */
export async function addAdministrator({ directory, issuer, clock }: TestBerth): Promise<void> {
  const rule = aRule({ ...ADMINISTRATION.rule, issuer: issuer.url });
  await directory.commitNamespace({
    name: "acme",
    fromRevision: (await directory.readNamespace("acme"))?.revision ?? 0,
    namespace: aNamespace(),
    putRobots: [aRobot({ name: "acme+deployer", uid: "deployer-uid", permissions: [], rules: [rule] })],
    removeRobots: [],
    event: anEvent(clock.now(), { kind: "directory.changed" }),
  });
}
