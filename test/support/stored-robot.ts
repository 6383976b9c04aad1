import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import { aNamespace, anEvent, aRobot } from "./baseline.ts";
import type { TestBerth } from "./berth-app.ts";

/** Puts a robot account into `acme`, as somebody would who is not asked; the namespace itself may change, too. */
export async function storeRobot(
  { directory, clock }: Pick<TestBerth, "directory" | "clock">,
  robot: Partial<Robot>,
  namespace: Partial<Namespace> = {},
): Promise<Robot> {
  const stored = aRobot({ managedBy: "api", ...robot });
  await directory.commitNamespace({
    name: "acme",
    fromRevision: (await directory.readRobot(stored.name))?.revision ?? 0,
    namespace: aNamespace({ managedBy: "api", ...namespace }),
    putRobots: [stored],
    removeRobots: [],
    event: anEvent(clock.now(), { kind: "directory.changed", requestId: "set-up" }),
  });
  return stored;
}
