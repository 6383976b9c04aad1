import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../support/api-tokens.ts";
import { aRule, SERVICE, SUBJECT } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { manage } from "../../support/management-calls.ts";
import { mintCredential } from "../../support/minted-credential.ts";
import { credentialFor, registryToken } from "../../support/requests.ts";
import { storeRobot } from "../../support/stored-robot.ts";

let world: ManagedBerth;
// A Berth each: the ledger is not put back.
beforeEach(async () => {
  world = await startManagedBerth();
});
afterEach(() => world.berth.close());

async function earn(claims: object = {}): Promise<string> {
  return credentialFor(world.berth.app, await world.berth.issuer.sign({ ...claims }));
}

async function login(password: string): Promise<number> {
  return (await registryToken(world.berth.app, { password })).status;
}

describe("the list", () => {
  it("says who earned what, and nothing that opens anything", async () => {
    const credential = await earn();
    const { status, body } = await world.operator("GET", "/namespaces/acme/credentials");
    const at = (seconds: number) => new Date((world.berth.clock.seconds() + seconds) * 1000).toISOString();
    expect([status, body]).toEqual([
      200,
      {
        credentials: [
          {
            id: expect.stringMatching(/^\d{2}[0-9a-f]{32}$/),
            state: "alive",
            robot: "acme+builder",
            rule_id: "rule-1",
            issuer: world.berth.issuer.url,
            subject: SUBJECT,
            provenance: expect.any(Object),
            grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
            catalog: false,
            issued_at: at(0),
            expires_at: at(3600),
          },
        ],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(credential);
  });

  it("is one robot account's, one namespace's, or all, a page at a time", async () => {
    await storeRobot(world.berth, { name: "acme+other", uid: "other-uid", rules: [] });
    for (let count = 0; count < 5; count += 1) await mintCredential(world.berth);
    await mintCredential(world.berth, { robot: "acme+other", robotUid: "other-uid" });
    await mintCredential(world.berth, { robot: "alice+builder", robotUid: "alice-uid" });
    expect(await idsOf("/namespaces/acme/credentials")).toHaveLength(6);
    expect(await idsOf("/namespaces/acme/credentials?robot=other")).toHaveLength(1);
    expect(await idsOf("/namespaces/alice/credentials?robot=builder")).toHaveLength(1);
    expect(await idsOf("/credentials")).toHaveLength(7);
  });

  /** All pages of two. */
  async function idsOf(path: string): Promise<readonly string[]> {
    const ids = new Set<string>();
    let next: string | undefined;
    do {
      const query = `${path.includes("?") ? "&" : "?"}limit=2${next === undefined ? "" : `&next_page=${next}`}`;
      const { body } = await world.operator("GET", path + query);
      const page = body as { credentials: { id: string }[]; next_page?: string };
      expect(page.credentials.length).toBeLessThanOrEqual(2);
      for (const { id } of page.credentials) {
        expect(ids).not.toContain(id);
        ids.add(id);
      }
      next = page.next_page;
    } while (next !== undefined);
    return [...ids];
  }

  it("tells a dead one from one that lives", async () => {
    await earn();
    await world.operator("PATCH", "/namespaces/acme/robots/builder/rules/rule-1", { enabled: false });
    const { body } = await world.operator("GET", "/namespaces/acme/credentials");
    expect(body).toMatchObject({ credentials: [{ state: "revoked" }] });
  });
});

it("revokes one by its id, and again without a fault", async () => {
  const { secret, credential } = await mintCredential(world.berth);
  const other = await world.holder("org:read");
  expect((await other("DELETE", `/credentials/${credential.id}`)).status).toBe(403);
  expect((await world.operator("DELETE", `/credentials/${credential.id}`)).status).toBe(204);
  expect((await world.operator("DELETE", `/credentials/${credential.id}`)).status).toBe(204);
  expect(await login(secret.expose())).toBe(401);
  const { body } = await world.operator("GET", "/namespaces/acme/credentials");
  expect(body).toMatchObject({ credentials: [{ state: "revoked", revoked_at: expect.any(String) }] });
});

it("does not tell of another namespace's credential", async () => {
  const { credential } = await mintCredential(world.berth, { robot: "other+builder" });
  const revoker = await world.holder("credentials:revoke");
  const { status, body } = await revoker("DELETE", `/credentials/${credential.id}`);
  expect([status, body]).toMatchObject([404, { reason: "credential_unknown" }]);
});

describe("a cut-off", () => {
  it.each<[string, (world: ManagedBerth) => object]>([
    ["of the robot account", () => ({ kind: "robot", robot: "acme+builder" })],
    ["of the rule", () => ({ kind: "rule", robot: "acme+builder", rule_id: "rule-1" })],
    ["of the namespace", () => ({ kind: "namespace", namespace: "acme" })],
    ["of the issuer", ({ berth }) => ({ kind: "issuer", url: berth.issuer.url })],
    [
      "of the issuer since a moment",
      ({ berth }) => ({ kind: "issuer", url: berth.issuer.url, since: "2020-01-01T00:00:00Z" }),
    ],
    ["of everything", () => ({ kind: "everything" })],
  ])("%s ends what was earned", async (_, target) => {
    const credential = await earn();
    expect(await login(credential)).toBe(200);
    const { status, body } = await world.operator("POST", "/cut-off", target(world));
    expect([status, body]).toMatchObject([200, { what: expect.any(String) }]);
    world.berth.clock.advance(1001);
    world.berth.storeClock.advance(1001);
    expect(await login(credential)).toBe(401);
  });

  it("of a secret is for anyone who has found one", async () => {
    const finder = await world.holder("org:read");
    const credential = await earn();
    const ended = await finder("POST", "/cut-off", { kind: "secret", secret: credential });
    expect([ended.status, ended.body]).toMatchObject([200, { ended: 1 }]);
    expect(await login(credential)).toBe(401);
    const regenerated = await world.operator("POST", "/namespaces/acme/robots/builder/token");
    const secret = (regenerated.body as { robot_token: string }).robot_token;
    expect((await finder("POST", "/cut-off", { kind: "secret", secret, robot: "acme+builder" })).status).toBe(
      200,
    );
    expect(await login(secret)).toBe(401);
    for (const text of [JSON.stringify(await world.changes()), JSON.stringify(world.berth.log)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(credential);
    }
  });

  it("of an API token ends it", async () => {
    const { berth } = world;
    const { secret } = await addApiToken(berth.deps.apiTokens, berth.clock.seconds());
    const token = secret.expose();
    expect((await world.operator("POST", "/cut-off", { kind: "secret", secret: token })).status).toBe(200);
    expect((await manage(berth.app, "GET", "/tokens/self", { token })).status).toBe(401);
  });

  it.each([
    [{ kind: "issuer", url: "https://issuer.example.com" }],
    [{ kind: "everything" }],
    [{ kind: "namespace", namespace: "other" }],
    [{ kind: "robot", robot: "other+builder" }],
  ])("%j is not for who may revoke in a namespace", async (target) => {
    const revoker = await world.holder("credentials:revoke");
    const { status, body } = await revoker("POST", "/cut-off", target);
    expect([status, body]).toMatchObject([403, { reason: "insufficient_scope" }]);
    expect(await world.changes()).toEqual([]);
  });

  it.each([
    [{}],
    [{ kind: "nothing" }],
    [{ kind: "robot" }],
    [{ kind: "robot", robot: "builder" }],
    [{ kind: "everything", robot: "acme+builder" }],
    [{ kind: "issuer", url: "https://issuer.example.com", since: "yesterday" }],
    [{ kind: "issuer", url: "https://issuer.example.com", since: "1969-01-01T00:00:00Z" }],
    [{ kind: "secret", secret: "hunter2" }],
  ])("%j is no target", async (target) => {
    const { status, body } = await world.operator("POST", "/cut-off", target);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect(JSON.stringify(body)).not.toContain("hunter2");
    expect(await world.changes()).toEqual([]);
  });

  it("of a file's robot account is let through", async () => {
    await storeRobot(world.berth, { managedBy: "file", rules: [aRule({ issuer: world.berth.issuer.url })] });
    const credential = await earn();
    expect((await world.operator("POST", "/cut-off", { kind: "robot", robot: "acme+builder" })).status).toBe(
      200,
    );
    expect(await login(credential)).toBe(401);
  });
});
