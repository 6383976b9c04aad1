import { isNamespaceName, robotName } from "../../domain/access/names.ts";
import type { Directory } from "../ports.ts";
import type { RobotRecords } from "../store-records.ts";

/** No robot has this short name (`isRobotShortName`). */
const NOBODY = "-";

/**
 * A namespace and its revision, without its robots, which may be a hundred thousand: the place of a robot that cannot
 * be there. Undefined when there is no such namespace.
 */
export async function readNamespacePlace(
  directory: Pick<Directory, "readRobot">,
  namespace: string,
): Promise<Pick<RobotRecords, "namespace" | "revision"> | undefined> {
  // A store makes keys of names: what is none gets no further.
  return isNamespaceName(namespace) ? directory.readRobot(robotName(namespace, NOBODY)) : undefined;
}
