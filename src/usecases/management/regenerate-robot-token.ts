import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { newRobotToken, type RandomBytes, type Secret } from "../../domain/accounts/secret.ts";
import { encodeBase64url } from "../../domain/identity/base64url.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { type ManagementReason, type Rejection, rejection } from "../../domain/rejection.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock, Directory } from "../ports.ts";
import type { NamespaceRecords } from "../store-records.ts";
import { refuseWhenUnavailable } from "../unavailable.ts";

interface Deps {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Tries against others who write the same namespace; each of them got through, so it ends. */
const MAX_ATTEMPTS = 5;

/**
 * A new robot token, shown once. The old one and every live credential of the robot are dead when this has
 * answered: the robot's nonce is new.
 */
export async function regenerateRobotToken(
  deps: Deps,
  name: RobotName,
  requestId: string,
): Promise<Result<Secret, Rejection<ManagementReason>>> {
  return refuseWhenUnavailable(async () => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const records = await deps.directory.readNamespace(namespaceOfRobot(name));
      const robot = records?.robots.find((candidate) => candidate.name === name);
      if (!records || !robot) return err(rejection("robot_unknown", name));
      if (robot.token?.declared) return err(rejection("token_declared", name));
      const token = newRobotToken(deps.random);
      if ((await commitToken(deps, records, robot, token, requestId)) === "committed") return ok(token);
    }
    return err(rejection("conflict", name));
  });
}

async function commitToken(
  deps: Deps,
  records: NamespaceRecords,
  robot: Robot,
  token: Secret,
  requestId: string,
) {
  const at = deps.clock.now();
  const regenerated: Robot = {
    ...robot,
    nonce: encodeBase64url(deps.random(16)),
    token: {
      hash: await sha256Hex(token.expose()),
      number: (robot.token?.number ?? 0) + 1,
      createdAt: Math.floor(at / 1000),
      declared: false,
    },
  };
  return deps.directory.commitNamespace({
    name: records.namespace.name,
    fromRevision: records.revision,
    namespace: records.namespace,
    putRobots: [regenerated],
    removeRobots: [],
    event: { kind: "robot_token.regenerated", at, requestId, robot: robot.name },
  });
}
