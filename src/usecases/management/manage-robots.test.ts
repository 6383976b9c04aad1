import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { err, ok } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { deleteRobot, findRobot, listRobots, type RobotUpdate, updateRobot } from "./manage-robots.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const TOKEN = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: false };
const update = (change: RobotUpdate, context = aChangeBy()) =>
  updateRobot(world.deps, "acme+builder", change, context);

describe("updateRobot", () => {
  it("changes what is named, and nothing else", async () => {
    await world.put({ robots: [{ token: TOKEN, metadata: { kept: true } }] });
    const before = await world.robot();
    expect(await update({ description: "new" })).toEqual(
      ok({ robot: { ...before, description: "new" }, version: VERSION }),
    );
    await update({ metadata: { other: 1 }, enabled: false });
    expect(await world.robot()).toMatchObject({
      description: "new",
      metadata: { other: 1 },
      enabled: false,
      token: TOKEN,
      rules: before?.rules,
    });
  });

  it("takes the tokens away with keylessOnly, and ends what was earned", async () => {
    await world.put({ robots: [{ token: TOKEN, previousToken: { ...TOKEN, expiresAt: 2 } }] });
    await update({ keylessOnly: true });
    const robot = await world.robot();
    expect(robot).toMatchObject({ keylessOnly: true, nonce: expect.not.stringMatching("robot-nonce") });
    expect(robot).not.toHaveProperty("token");
    expect(robot).not.toHaveProperty("previousToken");
    await update({ description: "still" });
    expect((await world.robot())?.keylessOnly).toBe(true);
    await update({ keylessOnly: false });
    expect(await world.robot()).not.toHaveProperty("keylessOnly");
  });

  it("leaves a token before the last where it is", async () => {
    const tokens = { token: TOKEN, previousToken: { ...TOKEN, expiresAt: 2 } };
    await world.put({ robots: [tokens] });
    await update({ description: "new" });
    expect(await world.robot()).toMatchObject(tokens);
  });

  it("lets who may act everywhere turn the catalogue on, and anybody leave it on or turn it off", async () => {
    expect(await update({ catalog: true }, aChangeBy(AN_OPERATOR))).toMatchObject({ ok: true });
    expect(await update({ catalog: true, description: "new" })).toMatchObject({ ok: true });
    expect(await update({ catalog: false })).toMatchObject({ ok: true });
  });

  it.each<{ what: string; change: RobotUpdate; context?: ChangeContext; refusal: object }>([
    {
      what: "the catalogue of all namespaces",
      change: { catalog: true },
      refusal: { reason: "permission_foreign", detail: "the catalogue is of all namespaces" },
    },
    {
      what: "a CI job that takes a token away",
      change: { keylessOnly: true },
      context: aChangeBy(A_JOB),
      refusal: { reason: "insufficient_scope" },
    },
    {
      what: "a long description",
      change: { description: "x".repeat(256) },
      refusal: { reason: "request_malformed", detail: "description has more than 255 characters" },
    },
    {
      what: "another version",
      change: { description: "new" },
      context: aChangeBy({}, { ifMatch: "x" }),
      refusal: { reason: "precondition_failed" },
    },
  ])("refuses $what, and writes nothing", async ({ change, context, refusal }) => {
    await world.put({ robots: [{ token: TOKEN }] });
    const before = await world.robot();
    expect(await update(change, context)).toEqual(err(refusal));
    expect(await world.robot()).toEqual(before);
    expect(await world.events()).toEqual([]);
  });

  it.each([
    { what: "where it has a robot token", token: { token: TOKEN }, refused: true },
    { what: "where it has none", token: {}, refused: false },
  ])("lets a CI job enable a robot $what: not $refused", async ({ token, refused }) => {
    await world.put({ robots: [{ enabled: false, ...token }] });
    const outcome = await update({ enabled: true }, aChangeBy(A_JOB));
    expect(outcome.ok).toBe(!refused);
    expect((await world.robot())?.enabled).toBe(!refused);
  });

  it("lets a CI job forbid a token where there is none", async () => {
    expect(await update({ keylessOnly: true }, aChangeBy(A_JOB))).toMatchObject({ ok: true });
  });

  it("knows no robot that is not there", async () => {
    expect(await updateRobot(world.deps, "acme+nobody", { enabled: false }, aChangeBy())).toEqual(
      err({ reason: "robot_unknown", detail: "acme+nobody" }),
    );
  });
});

describe("deleteRobot", () => {
  it("removes it", async () => {
    expect(await deleteRobot(world.deps, "acme+builder", aChangeBy())).toEqual(ok(undefined));
    expect(await world.robot()).toBeUndefined();
  });
});

describe("findRobot", () => {
  it("gives the robot with its version", async () => {
    expect(await findRobot(world.deps, "acme+builder")).toEqual(
      ok({ value: await world.robot(), version: VERSION }),
    );
  });

  it.each<{ name: Robot["name"]; reason: string; detail: string }>([
    { name: "acme+nobody", reason: "robot_unknown", detail: "acme+nobody" },
    { name: "other+builder", reason: "namespace_unknown", detail: "other" },
    { name: "acme+{}", reason: "name_malformed", detail: "acme+{}" },
  ])("knows no $name", async ({ name, ...refusal }) => {
    expect(await findRobot(world.deps, name)).toEqual(err(refusal));
  });

  it("refuses while the store does not answer", async () => {
    world.breakStore();
    expect(await findRobot(world.deps, "acme+builder")).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("listRobots", () => {
  const list = (after: string, limit: number, namespace = "acme") =>
    listRobots(world.deps, namespace, { after, limit });

  it("gives pages in the order of names, to the end", async () => {
    await world.put({ robots: [{}, { name: "acme+a1" }, { name: "acme+c1" }] });
    const names = async (after: string, limit: number) => {
      const page = await list(after, limit);
      return page.ok && [page.value.robots.map(({ name }) => name), page.value.next];
    };
    expect(await names("", 2)).toEqual([["acme+a1", "acme+builder"], "acme+builder"]);
    expect(await names("acme+builder", 2)).toEqual([["acme+c1"], undefined]);
    expect(await names("", 3)).toEqual([["acme+a1", "acme+builder", "acme+c1"], undefined]);
    expect(await names("acme+c1", 3)).toEqual([[], undefined]);
  });

  it("knows no namespace that is not there, and refuses while the store does not answer", async () => {
    expect(await list("", 2, "other")).toEqual(err({ reason: "namespace_unknown", detail: "other" }));
    world.breakStore();
    expect(await list("", 2)).toMatchObject(err({ reason: "store_unavailable" }));
  });
});
