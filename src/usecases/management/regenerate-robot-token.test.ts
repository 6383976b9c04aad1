import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { A_JOB, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { type RegenerationWish, regenerateRobotToken } from "./regenerate-robot-token.ts";
import { removeRobotToken } from "./remove-robot-token.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const DECLARED = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: true };
const regenerate = (
  wish: RegenerationWish = {},
  context: ChangeContext = aChangeBy(),
  name: RobotName = "acme+builder",
) => regenerateRobotToken(world.deps, name, wish, context);

async function regenerated(wish: RegenerationWish = {}) {
  const outcome = await regenerate(wish);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

it("hands out a token of which the directory has the hash", async () => {
  const before = await world.robot();
  const { token, robot, version } = await regenerated();
  expect([token.class, version]).toEqual(["robot-token", expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(robot).toEqual({
    ...before,
    nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    token: {
      hash: await sha256Hex(token.expose()),
      number: 1,
      createdAt: world.clock.seconds(),
      declared: false,
    },
  });
  expect(await world.robot()).toEqual(robot);
  expect(robot.nonce).not.toBe(before?.nonce);
});

it("leaves one event, without the token and its hash", async () => {
  const { token, robot } = await regenerated();
  expect(await world.events()).toEqual([
    {
      kind: "robot_token.regenerated",
      at: world.clock.now(),
      requestId: "request-1",
      clientAddress: "192.0.2.7",
      actor: "token:1",
      namespace: "acme",
      robot: "acme+builder",
      changes: [
        {
          object: "robot acme+builder",
          before: {},
          after: { token: { number: 1, createdAt: world.clock.seconds() } },
        },
      ],
    },
  ]);
  const text = JSON.stringify(await world.events());
  for (const secret of [token.expose(), robot.token?.hash, robot.nonce]) expect(text).not.toContain(secret);
  expect(JSON.stringify(await world.directory.readNamespace("acme"))).not.toContain(token.expose());
});

it("counts, and draws another nonce, each time", async () => {
  const first = await regenerated();
  const second = await regenerated();
  expect(second.robot.token?.number).toBe(2);
  expect(second.robot.nonce).not.toBe(first.robot.nonce);
  expect(second.robot.token?.hash).not.toBe(first.robot.token?.hash);
  expect(second.robot).not.toHaveProperty("previousToken");
});

it("gives no number twice, though the token before was taken away", async () => {
  await regenerated();
  await removeRobotToken(world.deps, "acme+builder", aChangeBy());
  expect((await world.robot())?.token).toBeUndefined();
  const { robot } = await regenerated();
  expect([robot.token?.number, robot.lastTokenNumber]).toEqual([2, undefined]);
});

it("makes one for a robot that a file manages, which stays the file's", async () => {
  await world.put({ robots: [{ managedBy: "file" }] });
  expect((await regenerated()).robot).toMatchObject({ token: { number: 1 }, managedBy: "file" });
});

it("ends a token when it is told to", async () => {
  const { robot } = await regenerated({ expiresInSeconds: 300 });
  expect(robot.token?.expiresAt).toBe(world.clock.seconds() + 300);
});

describe("a grace time", () => {
  it("keeps the last token, with an end, and no other", async () => {
    await regenerated();
    const second = await regenerated({ graceSeconds: 86_400 });
    const third = await regenerated({ graceSeconds: 60 });
    expect(third.robot.previousToken).toEqual({
      ...second.robot.token,
      expiresAt: world.clock.seconds() + 60,
    });
    expect((await regenerated()).robot).not.toHaveProperty("previousToken");
  });

  it("makes no token live longer than it would have", async () => {
    const first = await regenerated({ expiresInSeconds: 300 });
    world.clock.advance(200_000);
    const second = await regenerated({ graceSeconds: 3600 });
    expect(second.robot.previousToken).toEqual(first.robot.token);
  });

  it("revives none that has expired", async () => {
    await regenerated({ expiresInSeconds: 300 });
    world.clock.advance(300_000);
    expect((await regenerated({ graceSeconds: 3600 })).robot).not.toHaveProperty("previousToken");
  });

  it("is nothing where there was no token", async () => {
    expect((await regenerated({ graceSeconds: 3600 })).robot).not.toHaveProperty("previousToken");
  });
});

describe("refuses, and writes nothing,", () => {
  const grace = { reason: "request_malformed", detail: "the grace time is 0 to 86400 whole seconds" };
  const lifetime = {
    reason: "request_malformed",
    detail: "a robot token lives for 300 to 316224000 whole seconds",
  };
  it.each<{
    what: string;
    wish?: RegenerationWish;
    context?: ChangeContext;
    name?: RobotName;
    refusal: object;
  }>([
    {
      what: "an unknown robot",
      name: "acme+nobody",
      refusal: { reason: "robot_unknown", detail: "acme+nobody" },
    },
    {
      what: "an unknown namespace",
      name: "other+builder",
      refusal: { reason: "namespace_unknown", detail: "other" },
    },
    {
      what: "what an identity token earned",
      context: aChangeBy(A_JOB),
      refusal: { reason: "insufficient_scope" },
    },
    {
      what: "another version",
      context: aChangeBy({}, { ifMatch: "x" }),
      refusal: { reason: "precondition_failed" },
    },
    { what: "a grace of more than a day", wish: { graceSeconds: 86_401 }, refusal: grace },
    { what: "a grace below nothing", wish: { graceSeconds: -1 }, refusal: grace },
    { what: "a grace of half a second", wish: { graceSeconds: 0.5 }, refusal: grace },
    { what: "a token of no time", wish: { expiresInSeconds: 299 }, refusal: lifetime },
  ])("$what", async ({ wish, context, name, refusal }) => {
    expect(await regenerate(wish, context, name)).toEqual(err(refusal));
    expect(await world.robot()).not.toHaveProperty("token");
    expect(await world.events()).toEqual([]);
  });

  it("a token that a file declares, and would put back", async () => {
    await world.put({ robots: [{ token: DECLARED, managedBy: "file" }] });
    expect(await regenerate()).toEqual(err({ reason: "token_declared", detail: "acme+builder" }));
    expect((await world.robot())?.token).toEqual(DECLARED);
    expect(await world.events()).toEqual([]);
  });

  it("a robot that is to have none", async () => {
    await world.put({ robots: [{ keylessOnly: true }] });
    expect(await regenerate()).toEqual(err({ reason: "keyless_only", detail: "acme+builder" }));
    expect(await world.robot()).not.toHaveProperty("token");
    expect(await world.events()).toEqual([]);
  });

  it("while the store does not answer", async () => {
    world.breakStore();
    expect(await regenerate()).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

it("hands out the token that was written, when others wrote in between", async () => {
  world.overtake(4);
  const { token } = await regenerated();
  expect((await world.robot())?.token?.hash).toBe(await sha256Hex(token.expose()));
  expect(await world.events()).toHaveLength(1);
});
