import type { RobotName } from "../../domain/access/names.ts";
import type { Namespace } from "../../domain/accounts/robot.ts";
import type { Directory, NearMissStore, Sweeper } from "../../usecases/ports.ts";
import type { Reservation } from "../../usecases/store-records.ts";
import type { AccountRow } from "../directory/sqlite-account.ts";
import type { AuditCalls } from "./audit-calls.ts";

/** What stands under a name. Neither: there never was a namespace, or its name was released. */
export interface NamePlace {
  readonly namespace?: Namespace;
  readonly reservation?: Reservation;
}

/**
 * What a namespace's object answers. It knows no other namespace, so a name is an argument where the shared
 * statements take one.
 */
export interface NamespaceCalls
  extends AuditCalls,
    Pick<
      Directory,
      "pinIdentity" | "readNamespace" | "readRobot" | "listRobots" | "releaseName" | "commitNamespace"
    > {
  /** @param heldRevision Of the rules that the caller holds, which then need not travel; "": it holds none. */
  findAccount(robot: RobotName, heldRevision: string): Promise<AccountRow | undefined>;
  readPlace(): Promise<NamePlace>;
  keepNearMisses: NearMissStore["keep"];
  readNearMisses: NearMissStore["read"];
  sweep: Sweeper["sweep"];
}
