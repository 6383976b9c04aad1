import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { CALLERS } from "../../support/management-callers.ts";
import { apiToken, type ManagementAnswer, manage } from "../../support/management-calls.ts";
import { credentialFor, registryToken } from "../../support/requests.ts";
import { storeRobot } from "../../support/stored-robot.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const ROBOTS = "/namespaces/acme/robots";
const FRESH = `${ROBOTS}/fresh`;
const TOKEN = /^brp_[0-9A-Za-z]{49}$/;

function now(): string {
  return new Date(world.berth.clock.seconds() * 1000).toISOString();
}

function fresh(change: object = {}) {
  return {
    name: "acme+fresh",
    enabled: true,
    description: "",
    created_at: now(),
    catalog: false,
    keyless_only: false,
    metadata: {},
    token: { number: 1, created_at: now(), expires_at: null, declared: false },
    previous_token: null,
    permissions: [],
    rule_count: 0,
    managed_by: "api",
    ...change,
  };
}

function secretOf({ body }: ManagementAnswer): string {
  return String((body as { robot_token?: string }).robot_token);
}

/** The status of a login at the registry. */
async function login(password: string, username = "acme+fresh"): Promise<number> {
  return (await registryToken(world.berth.app, { username, password })).status;
}

describe("a robot account", () => {
  it("is created with a token that is shown once", async () => {
    const body = { name: "fresh", description: "release", metadata: { team: { name: "a" } } };
    const created = await world.operator("POST", ROBOTS, body);
    const shown = fresh({ description: "release", metadata: { team: { name: "a" } } });
    expect([created.status, created.body]).toEqual([
      201,
      { ...shown, robot_token: expect.stringMatching(TOKEN) },
    ]);
    expect(await login(secretOf(created))).toBe(200);
    const got = await world.operator("GET", FRESH);
    expect([got.status, got.body]).toEqual([200, shown]);
    expect(got.headers.get("etag")).toBe(created.headers.get("etag"));
  });

  it("is created keyless, or with a token that ends", async () => {
    const keyless = await world.operator("POST", ROBOTS, { name: "fresh", keyless_only: true });
    expect(keyless.body).toEqual(fresh({ keyless_only: true, token: null }));
    await world.operator("DELETE", FRESH);
    const ending = await world.operator("POST", ROBOTS, { name: "fresh", token_expires_in: 3600 });
    const expires = new Date((world.berth.clock.seconds() + 3600) * 1000).toISOString();
    expect(ending.body).toMatchObject({ token: { number: 1, expires_at: expires } });
  });

  it("is created without a token by a CI job, which reaches no secret", async () => {
    const token = await CALLERS["an exchanged token"](world.berth);
    const made = await manage(world.berth.app, "POST", ROBOTS, {
      token: String(token),
      body: { name: "fresh" },
    });
    expect([made.status, made.body]).toEqual([201, fresh({ token: null })]);
  });

  it("is changed in what a request names, and in nothing else", async () => {
    await world.operator("POST", ROBOTS, { name: "fresh", description: "old" });
    const changed = await world.operator("PATCH", FRESH, { metadata: { a: 1 }, catalog: true });
    expect([changed.status, changed.body]).toEqual([
      200,
      fresh({ description: "old", metadata: { a: 1 }, catalog: true }),
    ]);
    expect((await world.operator("PATCH", FRESH, {})).headers.get("etag")).toBe(changed.headers.get("etag"));
  });

  it("loses its token, and what was earned with it, when it becomes keyless", async () => {
    const made = await world.operator("POST", ROBOTS, { name: "fresh" });
    const changed = await world.operator("PATCH", FRESH, { keyless_only: true });
    expect(changed.body).toEqual(fresh({ keyless_only: true, token: null }));
    expect(await login(secretOf(made))).toBe(401);
  });

  it("of a file is disabled, and not enabled", async () => {
    await storeRobot(world.berth, { managedBy: "file" });
    const disabled = await world.operator("PATCH", `${ROBOTS}/builder`, { enabled: false });
    expect([disabled.status, disabled.body]).toMatchObject([200, { enabled: false, managed_by: "file" }]);
    const enabled = await world.operator("PATCH", `${ROBOTS}/builder`, { enabled: true });
    expect([enabled.status, enabled.body]).toMatchObject([409, { reason: "managed_elsewhere" }]);
  });

  it.each([
    ["description", { description: "x".repeat(256) }],
    ["metadata", { metadata: { a: "x".repeat(5000) } }],
    ["name", { name: "Not a name" }],
    ["token_expires_in", { token_expires_in: 299 }],
    ["token_expires_in of a keyless one", { keyless_only: true, token_expires_in: 300 }],
    ["__proto__", JSON.parse('{"metadata": {"__proto__": {"a": 1}}}')],
  ])("is refused for its %s", async (_, change) => {
    const { status, body } = await world.operator("POST", ROBOTS, { name: "fresh", ...change });
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
    expect(await world.changes()).toEqual([]);
  });
});

describe("a robot token", () => {
  it("is replaced, and the one before is dead with every credential", async () => {
    const first = await world.operator("POST", `${ROBOTS}/builder/token`);
    const credential = await credentialFor(world.berth.app, await world.berth.issuer.sign());
    const second = await world.operator("POST", `${ROBOTS}/builder/token`);
    expect([second.status, second.body]).toMatchObject([
      200,
      { token: { number: 2 }, previous_token: null, robot_token: expect.stringMatching(TOKEN) },
    ]);
    const statuses = [secretOf(first), credential, secretOf(second)].map((it) => login(it, "acme+builder"));
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  });

  it("stays good for a grace time, if that is asked for", async () => {
    const first = await world.operator("POST", ROBOTS, { name: "fresh" });
    const second = await world.operator("POST", `${FRESH}/token`, { grace_seconds: 300, expires_in: 600 });
    const at = (seconds: number) => new Date((world.berth.clock.seconds() + seconds) * 1000).toISOString();
    expect(second.body).toMatchObject({
      token: { number: 2, expires_at: at(600) },
      previous_token: { number: 1, expires_at: at(300) },
    });
    expect([await login(secretOf(first)), await login(secretOf(second))]).toEqual([200, 200]);
  });

  it("is taken away with what was earned, and that is nothing twice", async () => {
    const made = await world.operator("POST", ROBOTS, { name: "fresh" });
    const removed = await world.operator("DELETE", `${FRESH}/token`);
    expect([removed.status, removed.body]).toEqual([204, undefined]);
    expect((await world.operator("GET", FRESH)).body).toEqual(fresh({ token: null }));
    expect(await login(secretOf(made))).toBe(401);
    const changes = await world.changes();
    expect((await world.operator("DELETE", `${FRESH}/token`)).status).toBe(204);
    expect(await world.changes()).toEqual(changes);
  });
});

it("grants the catalogue for who administers everything alone", async () => {
  const token = await apiToken(world.berth, { scopes: ["org:admin"], namespaces: "all" });
  const call = { token, body: { catalog: true } };
  const { status, body } = await manage(world.berth.app, "PATCH", `${ROBOTS}/builder`, call);
  expect([status, body]).toMatchObject([200, { catalog: true }]);
});
