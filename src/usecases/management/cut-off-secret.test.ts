import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addApiToken } from "../../../test/support/api-tokens.ts";
import { aRobot } from "../../../test/support/baseline.ts";
import { AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { Robot, RobotToken } from "../../domain/accounts/robot.ts";
import {
  newApiTokenSecret,
  newCredentialSecret,
  newExchangedApiTokenSecret,
  newRobotToken,
} from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err, ok } from "../../domain/result.ts";
import type { NamespaceChange } from "../store-records.ts";
import { cutOff } from "./cut-off.ts";
import type { CutOffDeps } from "./cut-off-target.ts";
import { MAX_ROBOTS_SEARCHED } from "./find-robot-token.ts";

let world: ManagementWorld;
let deps: CutOffDeps;
beforeEach(async () => {
  world = new ManagementWorld();
  deps = { ...world.deps, ledger: world.ledger, apiTokens: world.apiTokens };
  await world.put({ robots: [{ managedBy: "file" }] });
});
afterEach(() => world.close());

/** Someone who has found a secret, and has no say in its namespace. */
const FINDER = aChangeBy({ scopes: ["org:read"], namespaces: ["other"] });
const UNKNOWN = err({ reason: "credential_unknown" });

const cut = (text: string, robot?: RobotName, with_: Partial<CutOffDeps> = {}) =>
  cutOff({ ...deps, ...with_ }, { kind: "secret", text, ...(robot === undefined ? {} : { robot }) }, FINDER);
const cutOffs = async () => (await world.events()).filter(({ kind }) => kind === "credentials.cut_off");

describe("a credential that is shown", () => {
  it.each([
    { what: "to push with", change: {} },
    { what: "to administer with", change: { apiScopes: ["rules:write"] as const, grants: [] } },
  ])("$what is revoked", async ({ change }) => {
    const { secret, credential } = await mintCredential(world, change);
    expect(await cut(secret.expose())).toEqual(ok({ ended: 1, what: `credential ${credential.id}` }));
    expect((await world.ledger.findCredential(credential.id))?.credential.revokedAt).toBe(
      world.clock.seconds(),
    );
    expect(await cutOffs()).toMatchObject([{ actor: "token:1", credentialId: credential.id }]);
    expect(JSON.stringify(await cutOffs())).not.toContain(secret.expose());
  });

  it("with another one's id is unknown", async () => {
    const { secret, credential } = await mintCredential(world, { hash: "cd".repeat(32) });
    expect(await cut(secret.expose())).toEqual(UNKNOWN);
    expect((await world.ledger.findCredential(credential.id))?.credential).not.toHaveProperty("revokedAt");
  });
});

describe("an API token that is shown", () => {
  it("is removed", async () => {
    const { secret, record } = await addApiToken(world.apiTokens, world.clock.seconds());
    const what = `API token ${record.id}`;
    expect(await cut(secret.expose())).toEqual(ok({ ended: 1, what }));
    expect(await world.apiTokens.find(record.id)).toBeUndefined();
    const [event] = await cutOffs();
    expect(event).toMatchObject({
      actor: "token:1",
      detail: what,
      changes: [{ object: `api token ${record.id}` }],
    });
    expect(JSON.stringify(event)).not.toContain(record.hash);
    expect(await cut(secret.expose())).toEqual(UNKNOWN);
  });

  it("is removed, and those that it created are named", async () => {
    const { secret, record } = await addApiToken(world.apiTokens, world.clock.seconds());
    const child = await addApiToken(world.apiTokens, world.clock.seconds(), {
      createdBy: `token:${record.id}`,
    });
    const what = `API token ${record.id}; those it created stay: ${child.record.id}`;
    expect(await cut(secret.expose())).toEqual(ok({ ended: 1, what }));
    expect(await world.apiTokens.find(child.record.id)).toBeDefined();
  });

  it("with another one's id is unknown", async () => {
    const { secret, record } = await addApiToken(world.apiTokens, world.clock.seconds(), {
      hash: "cd".repeat(32),
    });
    expect(await cut(secret.expose())).toEqual(UNKNOWN);
    expect(await world.apiTokens.find(record.id)).toBeDefined();
  });

  it("that somebody else removes in that moment is unknown", async () => {
    const { secret, record } = await addApiToken(world.apiTokens, world.clock.seconds());
    const apiTokens = Object.assign(Object.create(world.apiTokens), {
      find: async () => record,
      list: async () => [record],
      remove: async () => false,
    });
    expect(await cut(secret.expose(), undefined, { apiTokens })).toEqual(UNKNOWN);
  });
});

describe("a robot token that is shown", () => {
  const secret = newRobotToken((count) => new Uint8Array(count).fill(7));
  const text = secret.expose();
  const tokenOf = async (change: Partial<RobotToken> = {}): Promise<RobotToken> => ({
    hash: await sha256Hex(text),
    number: 3,
    createdAt: 1_700_000_000,
    declared: false,
    ...change,
  });
  const WHAT = "robot token 3 of acme+builder, and everything that identity tokens earned with it";
  const put = (robot: Partial<Robot>) =>
    world.put({ robots: [{ name: "acme+another" }, { managedBy: "file", ...robot }] });

  it.each([
    ["wherever it is", undefined],
    ["where it is said to be", "acme+builder" as const],
  ])("is removed %s, with all that its robot earned", async (_, robot) => {
    await put({ token: await tokenOf() });
    const before = await world.robot();
    const { token, ...rest } = before ?? {};
    expect(await cut(text, robot)).toEqual(ok({ ended: "all", what: WHAT }));
    const after = await world.robot();
    const nonce = expect.stringMatching(/^[\w-]{22}$/);
    expect(after).toEqual({ ...rest, nonce, lastTokenNumber: token?.number });
    expect(after?.nonce).not.toBe(before?.nonce);
    const [event] = await cutOffs();
    expect(event).toMatchObject({ actor: "token:1", robot: "acme+builder", detail: WHAT });
    expect(JSON.stringify(event)).not.toContain((await tokenOf()).hash);
  });

  it.each([
    { who: "anybody", context: FINDER, before: MAX_ROBOTS_SEARCHED - 1, found: true },
    { who: "anybody", context: FINDER, before: MAX_ROBOTS_SEARCHED, found: false },
    { who: "an operator", context: aChangeBy(AN_OPERATOR), before: MAX_ROBOTS_SEARCHED, found: true },
  ])("behind $before robots is found by $who: $found", async ({ context, before, found }) => {
    await put({ token: await tokenOf() });
    const holder = await world.robot();
    const others = Array.from({ length: before }, (_, at) =>
      aRobot({ name: `acme+a${String(at).padStart(6, "0")}` }),
    );
    const robots = holder === undefined ? others : [...others, holder];
    const directory = Object.assign(Object.create(world.directory), {
      listNamespaces: () => world.directory.listNamespaces(),
      listRobots: async (_: string, after: string, limit: number) =>
        robots.filter(({ name }) => name > after).slice(0, limit),
      readRobot: (name: RobotName) => world.directory.readRobot(name),
      commitNamespace: (change: NamespaceChange) => world.directory.commitNamespace(change),
    });
    const outcome = await cutOff({ ...deps, directory }, { kind: "secret", text }, context);
    expect(outcome).toEqual(found ? ok({ ended: "all", what: WHAT }) : UNKNOWN);
    expect((await world.robot())?.token === undefined).toBe(found);
  });

  it("may be the one before, and the other stays", async () => {
    const token = await tokenOf({ hash: "cd".repeat(32), number: 4 });
    await put({ token, previousToken: await tokenOf() });
    expect(await cut(text)).toEqual(ok({ ended: "all", what: WHAT }));
    const after = await world.robot();
    expect(after).not.toHaveProperty("previousToken");
    expect(after?.token).toEqual(token);
    expect(after?.nonce).not.toBe("robot-nonce");
  });

  it("of a declaration comes with the warning that it would be put back", async () => {
    await put({ token: await tokenOf({ declared: true }) });
    const what = `${WHAT}; its hash stands in a declaration, which puts it back when it is applied anew: change it there`;
    expect(await cut(text)).toEqual(ok({ ended: "all", what }));
    expect(await world.robot()).not.toHaveProperty("token");
  });

  it.each([
    ["of another robot", "acme+another" as const],
    ["of no robot", "acme+nobody" as const],
    ["of no namespace", "other+builder" as const],
    ["of what is no name", "a{c}me+x" as const],
  ])("is unknown where it is said to be %s", async (_, robot) => {
    await put({ token: await tokenOf() });
    expect(await cut(text, robot)).toEqual(UNKNOWN);
    expect((await world.robot())?.token).toBeDefined();
  });

  it("that is replaced in that moment is unknown, and the new one stays", async () => {
    await put({ token: await tokenOf() });
    const token = await tokenOf({ hash: "cd".repeat(32), number: 4 });
    world.directory.meddle = async () => {
      world.directory.meddle = async () => undefined;
      await put({ token });
    };
    expect(await cut(text)).toEqual(UNKNOWN);
    expect((await world.robot())?.token).toEqual(token);
  });
});

describe("what nobody issued", () => {
  it.each<[string, () => string]>([
    ["a credential", () => newCredentialSecret(7, world.deps.random).expose()],
    ["an earned API token", () => newExchangedApiTokenSecret(7, world.deps.random).expose()],
    ["an API token", () => newApiTokenSecret(world.deps.random).expose()],
    ["a robot token", () => newRobotToken(world.deps.random).expose()],
  ])("is unknown: %s", async (_, text) => {
    expect(await cut(text())).toEqual(UNKNOWN);
    expect(await cutOffs()).toEqual([]);
  });

  it("is malformed, by its form", async () => {
    expect(await cut("hunter2")).toEqual(
      err({ reason: "request_malformed", detail: "no secret of Berth's, by its form" }),
    );
  });
});
