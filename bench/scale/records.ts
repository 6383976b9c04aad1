import { type RobotName, robotName } from "../../src/domain/access/names.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { Directory } from "../../src/usecases/ports.ts";
import { ISSUER, SERVICE, type SigningKey, SUBJECT } from "../traffic.ts";

const ROBOTS_A_COMMIT = 1000;
const EVENT: AuditEvent = { kind: "directory.changed", at: 0, requestId: "bench" };

/** The issuer, with keys that need no network, and the registry. */
export async function writeSystem(directory: Directory, audience: string, key: SigningKey): Promise<void> {
  await directory.commitSystem({
    fromRevision: 0,
    putIssuers: [
      {
        url: ISSUER,
        nonce: "issuer-nonce",
        enabled: true,
        profile: "generic",
        algorithms: ["RS256"],
        audiences: [audience],
        maxLifetimeSeconds: 3600,
        replay: "jti",
        keys: { kind: "inline", jwks: JSON.stringify(key.jwks), expiresAt: 4_070_908_800 },
        managedBy: "api",
      },
    ],
    removeIssuers: [],
    putRegistries: [
      {
        service: SERVICE,
        url: `https://${SERVICE}`,
        tokenForm: "x5c",
        tokenSeconds: 300,
        anonymousPull: [],
        managedBy: "api",
      },
    ],
    removeRegistries: [],
    event: EVENT,
  });
}

/** The robot at a place in the order of their names. */
export function robotAt(namespace: string, at: number): RobotName {
  return robotName(namespace, shortNameAt(at));
}

export function shortNameAt(at: number): string {
  return `r${String(at).padStart(7, "0")}`;
}

/** A namespace of `count` robots with a permission and a rule each, written past the API, in parts. */
export async function writeNamespace(directory: Directory, name: string, count: number): Promise<void> {
  const namespace: Namespace = {
    name,
    kind: "organization",
    nonce: "namespace-nonce",
    enabled: true,
    managedBy: "api",
  };
  for (let from = 0; from < count; from += ROBOTS_A_COMMIT) {
    const size = Math.min(ROBOTS_A_COMMIT, count - from);
    const putRobots = Array.from({ length: size }, (_, at) => robotRecord(name, from + at));
    const change = { name, fromRevision: from / ROBOTS_A_COMMIT, namespace, putRobots };
    const outcome = await directory.commitNamespace({ ...change, removeRobots: [], event: EVENT });
    if (outcome !== "committed") throw new Error(`${name} was not written`);
  }
}

function robotRecord(namespace: string, at: number): Robot {
  const name = robotAt(namespace, at);
  return {
    name,
    uid: `uid-${name}`,
    nonce: "robot-nonce",
    enabled: true,
    description: "release builds",
    createdAt: 1_700_000_000,
    permissions: [{ registry: SERVICE, repository: `${namespace}/app`, role: "write" }],
    catalog: false,
    rules: [
      {
        id: "rule-1",
        nonce: "rule-nonce",
        enabled: true,
        description: "",
        issuer: ISSUER,
        subject: SUBJECT,
        claims: { repository_id: ["4711"] },
        ttlSeconds: 3600,
      },
    ],
    managedBy: "api",
  };
}
