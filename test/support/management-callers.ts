/** Every kind of caller of the management API, with a namespace of an organization and one of a user. */
import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { ApiScope } from "../../src/domain/access/api-scope.ts";
import type { ApiToken } from "../../src/domain/accounts/api-token.ts";
import { newRobotToken } from "../../src/domain/accounts/secret.ts";
import { sha256Hex } from "../../src/domain/identity/digest.ts";
import { addApiToken } from "./api-tokens.ts";
import { aNamespace, anEvent, aRobot, aRule } from "./baseline.ts";
import type { TestBerth } from "./berth-app.ts";
import { apiToken } from "./management-calls.ts";
import { credentialFor, exchange } from "./requests.ts";

const BOUND = ["acme", "alice"];

function bound(...scopes: readonly ApiScope[]): Partial<ApiToken> {
  return { scopes, namespaces: BOUND, user: "alice" };
}

/** What each shows as its bearer token; undefined: nothing. */
export const CALLERS = {
  none: async () => undefined,
  junk: async () => "bra_junk",
  "another's words": async () => "Y29uZnVzaW9u",
  expired: (berth) => apiToken(berth, { expiresAt: berth.clock.seconds() }),
  revoked: revokedToken,
  "a robot token": robotToken,
  "a robot's credential": async (berth) => credentialFor(berth.app, await berth.issuer.sign()),
  "a revoked exchanged token": async (berth) => {
    const token = await exchangedToken(berth);
    await revokeExchanged(berth, token);
    return token;
  },
  "an exchanged token": exchangedToken,
  "another namespace's admin": (berth) =>
    apiToken(berth, { scopes: ["org:admin"], namespaces: ["other"], user: "other" }),
  "a super:user without a user": (berth) => apiToken(berth),
  introspector: (berth) => apiToken(berth, bound("tokens:introspect")),
  auditor: (berth) => apiToken(berth, bound("audit:read")),
  reader: (berth) => apiToken(berth, bound("org:read")),
  "a reader of all": (berth) => apiToken(berth, { scopes: ["org:read", "audit:read"], user: "alice" }),
  "robots:write": (berth) => apiToken(berth, bound("robots:write")),
  "permissions:write": (berth) => apiToken(berth, bound("permissions:write")),
  "rules:write": (berth) => apiToken(berth, bound("rules:write")),
  "credentials:revoke": (berth) => apiToken(berth, bound("credentials:revoke")),
  admin: (berth) => apiToken(berth, bound("org:admin")),
  super: (berth) => apiToken(berth, { user: "alice" }),
} as const satisfies Record<string, (berth: TestBerth) => Promise<string | undefined>>;
export type CallerKind = keyof typeof CALLERS;
export const CALLER_KINDS = Object.keys(CALLERS) as CallerKind[];

/** Those whom nothing but a 401 meets, wherever they knock. */
export const UNAUTHENTICATED: readonly CallerKind[] = [
  "none",
  "junk",
  "another's words",
  "expired",
  "revoked",
  "a robot token",
  "a robot's credential",
  "a revoked exchanged token",
];

/** Puts `acme` and `alice` back to where each row begins: a robot each, and in `acme` one that grants API scopes. */
export async function putCallersWorld(berth: TestBerth): Promise<void> {
  const issuer = berth.issuer.url;
  const deployer = aRobot({
    name: "acme+deployer",
    uid: "deployer-uid",
    permissions: [],
    managedBy: "api",
    rules: [aRule({ id: "rule-2", issuer, apiScopes: ["robots:write", "permissions:write", "rules:write"] })],
  });
  const builder = aRobot({ managedBy: "api", rules: [aRule({ issuer })] });
  await putNamespace(berth, "acme", "organization", [builder, deployer]);
  await putNamespace(berth, "alice", "user", [
    aRobot({ name: "alice+builder", uid: "alice-uid", managedBy: "api" }),
  ]);
}

async function putNamespace(
  berth: TestBerth,
  name: string,
  kind: "organization" | "user",
  putRobots: readonly ReturnType<typeof aRobot>[],
): Promise<void> {
  const records = await berth.directory.readNamespace(name);
  await berth.directory.commitNamespace({
    name,
    fromRevision: records?.revision ?? 0,
    namespace: aNamespace({ name, kind, managedBy: "api" }),
    putRobots,
    removeRobots: (records?.robots ?? [])
      .map((robot) => robot.name)
      .filter((present) => !putRobots.some((robot) => robot.name === present)),
    event: anEvent(berth.clock.now(), { kind: "directory.changed" }),
  });
}

async function revokedToken({ deps, clock }: TestBerth): Promise<string> {
  const { secret, record } = await addApiToken(deps.apiTokens, clock.seconds());
  await deps.apiTokens.remove(record.id, anEvent(clock.now(), { kind: "api_token.revoked" }));
  return secret.expose();
}

async function exchangedToken(berth: TestBerth): Promise<string> {
  const { status, body } = await exchange(berth.app, await berth.issuer.sign(), { robot: "acme+deployer" });
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`);
  return String(body.access_token);
}

async function revokeExchanged(berth: TestBerth, token: string): Promise<void> {
  const hash = await sha256Hex(token);
  const id = `${token.slice(4, 6)}${hash.slice(0, 32)}`;
  await berth.ledger.revoke(
    id,
    berth.clock.seconds(),
    anEvent(berth.clock.now(), { kind: "credential.revoked" }),
  );
}

/** A live one, of `acme+builder`. */
async function robotToken(berth: TestBerth): Promise<string> {
  const token = newRobotToken(webRandom).expose();
  const records = await berth.directory.readRobot("acme+builder");
  if (records?.robot === undefined) throw new Error("no acme+builder");
  await berth.directory.commitNamespace({
    name: "acme",
    fromRevision: records.revision,
    namespace: records.namespace,
    putRobots: [
      {
        ...records.robot,
        token: { hash: await sha256Hex(token), number: 1, createdAt: berth.clock.seconds(), declared: false },
      },
    ],
    removeRobots: [],
    event: anEvent(berth.clock.now(), { kind: "directory.changed" }),
  });
  return token;
}
