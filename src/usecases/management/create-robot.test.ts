import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { A_JOB, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err, ok } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { createRobot, deleteRobot, type NewRobot } from "./manage-robots.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);
const create = (robot: NewRobot = {}, context = aChangeBy(), name: Robot["name"] = "acme+new") =>
  createRobot(world.deps, name, robot, context);

describe("createRobot", () => {
  it("makes a robot with a token, which the record does not show", async () => {
    const created = await create();
    if (!created.ok) throw new Error(created.error.reason);
    const { robot, token, version } = created.value;
    const text = token?.expose() ?? "";
    const createdAt = world.clock.seconds();
    expect([token?.class, version]).toEqual(["robot-token", VERSION]);
    expect(robot).toEqual({
      name: "acme+new",
      uid: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      enabled: true,
      description: "",
      createdAt,
      permissions: [],
      catalog: false,
      rules: [],
      token: { hash: await sha256Hex(text), number: 1, createdAt, declared: false },
      managedBy: "api",
    });
    expect(await world.robot("acme+new")).toEqual(robot);
    const [event] = await world.events();
    expect(event).toMatchObject({ kind: "directory.changed", actor: "token:1", robot: "acme+new" });
    expect(event?.changes?.[0]?.after?.token).toEqual({ number: 1, createdAt });
    for (const secret of [text, robot.token?.hash, robot.nonce, robot.uid]) {
      expect(JSON.stringify(event)).not.toContain(secret);
    }
  });

  it("keeps what is said of it", async () => {
    const notes = { description: "builds", metadata: { team: "one" } };
    await create({ ...notes, tokenExpiresIn: 3600 });
    const robot = await world.robot("acme+new");
    expect(robot).toMatchObject({ ...notes, token: { expiresAt: world.clock.seconds() + 3600 } });
  });

  it.each([
    { what: "that is to have none", robot: { keylessOnly: true }, context: aChangeBy() },
    { what: "that a CI job makes", robot: {}, context: aChangeBy(A_JOB) },
  ])("gives no token to a robot $what", async ({ robot, context }) => {
    const created = await create(robot, context);
    expect(created).toEqual(ok({ robot: expect.anything(), version: VERSION }));
    expect(await world.robot("acme+new")).not.toHaveProperty("token");
    expect((await world.robot("acme+new"))?.keylessOnly).toBe("keylessOnly" in robot ? true : undefined);
  });

  it("takes the name of a robot that was removed, and revives nothing", async () => {
    const before = await world.robot();
    await deleteRobot(world.deps, "acme+builder", aChangeBy());
    await create({}, aChangeBy(), "acme+builder");
    const after = await world.robot();
    expect(after?.uid).not.toBe(before?.uid);
    expect(after?.nonce).not.toBe(before?.nonce);
    expect(after?.rules).toEqual([]);
  });

  it("takes a description of 255 characters and metadata of 4096 bytes", async () => {
    const metadata = { a: "é".repeat((4096 - '{"a":""}'.length) / 2) };
    expect(await create({ description: "x".repeat(255), metadata })).toMatchObject({ ok: true });
  });

  const job = aChangeBy(A_JOB);
  const endless = { reason: "request_malformed", detail: "there is no robot token that could expire" };
  const lifetime = {
    reason: "request_malformed",
    detail: "a robot token lives for 300 to 316224000 whole seconds",
  };
  it.each<{ what: string; robot?: NewRobot; context?: ChangeContext; name?: Robot["name"]; refusal: object }>(
    [
      {
        what: "a name that is none",
        name: "acme+N",
        refusal: { reason: "name_malformed", detail: "acme+N" },
      },
      {
        what: "a name that is taken",
        name: "acme+builder",
        refusal: { reason: "name_taken", detail: "acme+builder" },
      },
      {
        what: "an unknown namespace",
        name: "other+new",
        refusal: { reason: "namespace_unknown", detail: "other" },
      },
      {
        what: "a long description",
        robot: { description: "x".repeat(256) },
        refusal: { reason: "request_malformed", detail: "description has more than 255 characters" },
      },
      {
        what: "much metadata",
        robot: { metadata: { a: "é".repeat(2045) } },
        refusal: { reason: "request_malformed", detail: "metadata has more than 4096 bytes" },
      },
      { what: "a token of no time", robot: { tokenExpiresIn: 299 }, refusal: lifetime },
      { what: "a token of a part of a second", robot: { tokenExpiresIn: 300.5 }, refusal: lifetime },
      { what: "a token of more than ten years", robot: { tokenExpiresIn: 316_224_001 }, refusal: lifetime },
      { what: "an end of no token", robot: { keylessOnly: true, tokenExpiresIn: 300 }, refusal: endless },
      { what: "an end of a job's token", robot: { tokenExpiresIn: 300 }, context: job, refusal: endless },
      {
        what: "a condition",
        context: aChangeBy({}, { ifMatch: "*" }),
        refusal: { reason: "precondition_failed" },
      },
    ],
  )("refuses $what, and writes nothing", async ({ robot, context, name, refusal }) => {
    expect(await create(robot, context, name)).toEqual(err(refusal));
    expect(await world.robot("acme+new")).toBeUndefined();
    expect(await world.events()).toEqual([]);
  });
});
