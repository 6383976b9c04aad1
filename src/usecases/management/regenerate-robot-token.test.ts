import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, anEvent } from "../../../test/support/baseline.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err } from "../../domain/result.ts";
import type { Directory } from "../ports.ts";
import { regenerateRobotToken } from "./regenerate-robot-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const regenerate = (name: RobotName = "acme+builder", directory: Directory = world.deps.directory) =>
  regenerateRobotToken({ ...world.deps, directory }, name, "request-1");

async function regenerated() {
  const outcome = await regenerate();
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

const robot = async () => (await world.directory.findAccount("acme+builder"))?.robot;
const events = async () =>
  (await world.ledger.readEvents(1000)).filter(({ kind }) => kind === "robot_token.regenerated");

it("hands out a token of which the directory has the hash", async () => {
  const before = await robot();
  const token = await regenerated();
  expect(token.class).toBe("robot-token");
  expect(await robot()).toEqual({
    ...before,
    nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    token: {
      hash: await sha256Hex(token.expose()),
      number: 1,
      createdAt: world.clock.seconds(),
      declared: false,
    },
  });
});

it("leaves one event, without the token", async () => {
  const token = await regenerated();
  expect(await events()).toEqual([
    { kind: "robot_token.regenerated", at: world.clock.now(), requestId: "request-1", robot: "acme+builder" },
  ]);
  expect(JSON.stringify(await world.directory.readNamespace("acme"))).not.toContain(token.expose());
});

it("counts, and draws another nonce, each time", async () => {
  await regenerated();
  const first = await robot();
  await regenerated();
  const second = await robot();
  expect(second?.token?.number).toBe(2);
  expect(second?.nonce).not.toBe(first?.nonce);
  expect(second?.token?.hash).not.toBe(first?.token?.hash);
});

describe("refuses, and writes nothing,", () => {
  it.each<[string, RobotName]>([
    ["an unknown robot", "acme+nobody"],
    ["an unknown namespace", "other+builder"],
  ])("%s", async (_, name) => {
    expect(await regenerate(name)).toEqual(err({ reason: "robot_unknown", detail: name }));
    expect(await events()).toEqual([]);
  });

  it("a token that a file declares, and would put back", async () => {
    const token = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: true };
    await world.put({ robot: { token } });
    expect(await regenerate()).toEqual(err({ reason: "token_declared", detail: "acme+builder" }));
    expect((await robot())?.token).toEqual(token);
    expect(await events()).toEqual([]);
  });

  it("while the store does not answer", async () => {
    world.breakStore();
    expect(await regenerate()).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("against others who write the same namespace", () => {
  /** Somebody else's commit gets in between the read and the write, `times` times. */
  function overtaken(times: number): Directory {
    let left = times;
    const overtake = async () => {
      left -= 1;
      const records = await world.directory.readNamespace("acme");
      await world.directory.commitNamespace({
        name: "acme",
        fromRevision: records?.revision ?? 0,
        namespace: aNamespace(),
        putRobots: [],
        removeRobots: [],
        event: anEvent(world.clock.now(), { kind: "directory.changed" }),
      });
    };
    return Object.assign(Object.create(world.directory), {
      readNamespace: (name: string) => world.directory.readNamespace(name),
      commitNamespace: async (change: Parameters<Directory["commitNamespace"]>[0]) => {
        if (left > 0) await overtake();
        return world.directory.commitNamespace(change);
      },
    });
  }

  it("tries again, and hands out the token that was written", async () => {
    const outcome = await regenerate("acme+builder", overtaken(4));
    if (!outcome.ok) throw new Error(outcome.error.reason);
    expect((await robot())?.token?.hash).toBe(await sha256Hex(outcome.value.expose()));
    expect(await events()).toHaveLength(1);
  });

  it("gives up after the fifth time", async () => {
    expect(await regenerate("acme+builder", overtaken(5))).toEqual(
      err({ reason: "conflict", detail: "acme+builder" }),
    );
    expect(await robot()).not.toHaveProperty("token");
    expect(await events()).toEqual([]);
  });
});
