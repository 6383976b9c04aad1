import type { Robot } from "../../../src/domain/accounts/robot.ts";
import type { ManagedBerth } from "../../support/managed-berth.ts";
import type { RefusedCall } from "../../support/refused-calls.ts";
import { storeRobot } from "../../support/stored-robot.ts";

/** A refusal of one route; the method is the route's, and what is asked is told when the world is there. */
export type RefusalRow = readonly [
  operationId: string,
  reason: RefusedCall["reason"],
  make: (world: ManagedBerth) => Promise<Pick<RefusedCall, "path" | "body" | "by">>,
];

export const BUILDER = "/namespaces/acme/robots/builder";
export const admin = (world: ManagedBerth) => world.holder("org:admin");

/** The builder as it stands, but for a change. */
export async function withBuilder({ berth }: ManagedBerth, change: Partial<Robot>): Promise<void> {
  const records = await berth.directory.readRobot("acme+builder");
  await storeRobot(berth, { ...records?.robot, ...change });
}
