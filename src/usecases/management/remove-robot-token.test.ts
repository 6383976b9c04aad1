import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { RobotToken } from "../../domain/accounts/robot.ts";
import { err, ok } from "../../domain/result.ts";
import { removeRobotToken } from "./remove-robot-token.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ token: TOKEN, previousToken: { ...TOKEN, hash: "cd".repeat(32) } }] });
});
afterEach(() => world.close());

const BUILDER: RobotName = "acme+builder";
const TOKEN: RobotToken = { hash: "ab".repeat(32), number: 2, createdAt: 1_700_000_000, declared: false };
const NONCE = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);

const remove = (context = aChangeBy(), name = BUILDER) => removeRobotToken(world.deps, name, context);

describe("removeRobotToken", () => {
  it("takes both tokens away, ends what was earned, and leaves a record without a hash", async () => {
    const { token: _, previousToken: __, ...left } = (await world.robot()) ?? {};
    const removed = await remove();
    // The next one must not be taken for it in a registry's record.
    const robot = { ...left, nonce: NONCE, lastTokenNumber: 2 };
    expect(removed).toEqual(ok({ robot, version: expect.any(String) }));
    expect(await world.robot()).toEqual(robot);
    const events = await world.events();
    expect(events).toMatchObject([
      {
        kind: "directory.changed",
        actor: "token:1",
        robot: "acme+builder",
        changes: [{ object: "robot acme+builder", before: { token: { number: 2 } } }],
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/abab|cdcd/);
  });

  it("changes nothing where there is none", async () => {
    await remove();
    const robot = await world.robot();
    expect(await remove()).toMatchObject(ok({ robot }));
    expect(await world.events()).toHaveLength(1);
  });

  it("reaches a robot that a file manages", async () => {
    await world.put({ robots: [{ managedBy: "file", token: TOKEN }] });
    expect(await remove()).toMatchObject(ok({ robot: { managedBy: "file" } }));
    expect(await world.robot()).not.toHaveProperty("token");
  });

  it.each<[string, Parameters<typeof remove>, object]>([
    [
      "a robot that there is not",
      [aChangeBy(), "acme+nobody"],
      { reason: "robot_unknown", detail: "acme+nobody" },
    ],
    ["a CI job, which reaches no secret", [aChangeBy(A_JOB)], { reason: "insufficient_scope" }],
    ["another version", [aChangeBy({}, { ifMatch: "stale" })], { reason: "precondition_failed" }],
  ])("refuses %s", async (_, args, refusal) => {
    const before = await world.robot();
    expect(await remove(...args)).toEqual(err(refusal));
    expect(await world.robot()).toEqual(before);
    expect(await world.events()).toEqual([]);
  });

  it("leaves a token whose hash stands in a declaration, whoever asks", async () => {
    await world.put({ robots: [{ token: { ...TOKEN, declared: true } }] });
    expect(await remove(aChangeBy(AN_OPERATOR))).toEqual(err({ reason: "token_declared", detail: BUILDER }));
    expect(await world.robot()).toMatchObject({ token: { number: 2 } });
    expect(await world.events()).toEqual([]);
  });
});
