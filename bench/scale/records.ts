import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import { type RobotName, robotName } from "../../src/domain/access/names.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { AuditEvent } from "../../src/domain/audit-event.ts";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import { drawFrom } from "../../src/usecases/management/change-robot.ts";
import type { Directory } from "../../src/usecases/ports.ts";
import { ISSUER, SERVICE, type SigningKey, SUBJECT } from "../traffic.ts";

const RULES_A_COMMIT = 1000;
const draw = drawFrom(webRandom);
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

/** Each robot with a permission, and with this many rules. */
interface Robots {
  readonly count: number;
  readonly rules?: number;
}

/** A namespace of `count` robots, written past the API, in parts. */
export async function writeNamespace(
  directory: Directory,
  name: string,
  { count, rules = 1 }: Robots,
): Promise<void> {
  const namespace: Namespace = {
    name,
    kind: "organization",
    nonce: "namespace-nonce",
    enabled: true,
    managedBy: "api",
  };
  const part = Math.ceil(RULES_A_COMMIT / rules);
  for (let from = 0; from < count; from += part) {
    const size = Math.min(part, count - from);
    const putRobots = Array.from({ length: size }, (_, at) => robotRecord(name, from + at, rules));
    const change = { name, fromRevision: from / part, namespace, putRobots };
    const outcome = await directory.commitNamespace({ ...change, removeRobots: [], event: EVENT });
    if (outcome !== "committed") throw new Error(`${name} was not written`);
  }
}

/** As Berth would have written it. */
function robotRecord(namespace: string, at: number, rules: number): Robot {
  return {
    name: robotAt(namespace, at),
    uid: draw(),
    nonce: draw(),
    enabled: true,
    description: "release builds",
    createdAt: 1_700_000_000,
    permissions: [{ registry: SERVICE, repository: `${namespace}/app`, role: "write" }],
    catalog: false,
    rules: Array.from({ length: rules }, (_, rule) => ruleRecord(rule === rules - 1 ? SUBJECT : other(rule))),
    managedBy: "api",
  };
}

function ruleRecord(subject: string): FederationRule {
  return {
    id: draw(),
    nonce: draw(),
    enabled: true,
    description: "",
    issuer: ISSUER,
    subject,
    claims: { repository_id: ["4711"] },
    ttlSeconds: 3600,
  };
}

/** The subject of another repository: only the last rule matches, so that all are looked at. */
function other(rule: number): string {
  return `repo:acme/app-${rule}:ref:refs/heads/main`;
}
