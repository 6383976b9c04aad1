import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { aCaller, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import { changeRobot, drawFrom, type Refused, type RobotChangeOptions, removeRobot } from "./change-robot.ts";
import { robotVersion } from "./robot-version.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

/** Changes what is there by `change`. */
function changing(
  change: Partial<Robot>,
  context = aChangeBy(),
  options: RobotChangeOptions = {},
  name: RobotName = "acme+builder",
) {
  return changeRobot<Refused>(
    world.deps,
    name,
    context,
    (robot) => (robot ? ok({ ...robot, ...change }) : err(rejection("robot_unknown", name))),
    options,
  );
}

it("draws no id that a command takes for an option", () => {
  const draw = drawFrom((count) => new Uint8Array(count).fill(0xf8));
  expect(draw()).toBe("_Pj4-Pj4-Pj4-Pj4-Pj4-A");
});

const NONCE = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);

describe("changeRobot", () => {
  it("writes the change with its record, in one commit", async () => {
    const before = await world.robot();
    const changed = await changing({ description: "new", catalog: true });
    const robot = { ...before, description: "new", catalog: true, nonce: NONCE };
    expect(changed).toEqual(ok({ robot, version: expect.stringMatching(/^[0-9a-f]{32}$/) }));
    expect(await world.robot()).toEqual(robot);
    expect(await world.events()).toEqual([
      {
        kind: "directory.changed",
        at: world.clock.now(),
        requestId: "request-1",
        clientAddress: "192.0.2.7",
        actor: "token:1",
        namespace: "acme",
        robot: "acme+builder",
        changes: [
          {
            object: "robot acme+builder",
            before: { description: "", catalog: false },
            after: { description: "new", catalog: true },
          },
        ],
      },
    ]);
  });

  it("leaves what the store gives as it is, whatever the edit says", async () => {
    const foreign = { uid: "other", nonce: "other", createdAt: 1, managedBy: "file", name: "acme+other" };
    await changing({ ...foreign, description: "new" } as Partial<Robot>);
    expect(await world.robot()).toMatchObject({
      uid: "robot-uid",
      nonce: "robot-nonce",
      createdAt: 1_700_000_000,
      managedBy: "api",
    });
    expect(await world.robot("acme+other")).toBeUndefined();
  });

  it("makes a robot that is not there, of the API's own", async () => {
    const content = { enabled: true, description: "", permissions: [], catalog: false, rules: [] };
    const made = await changeRobot(world.deps, "acme+new", aChangeBy(), (robot, namespace) =>
      robot || namespace.name !== "acme" ? err(rejection("name_taken")) : ok(content),
    );
    const robot = {
      ...content,
      name: "acme+new",
      uid: NONCE,
      nonce: NONCE,
      createdAt: world.clock.seconds(),
      managedBy: "api",
    };
    expect(made).toEqual(ok({ robot, version: expect.any(String) }));
    const { changes } = (await world.events())[0] ?? {};
    expect(changes).toEqual([
      { object: "robot acme+new", after: { ...content, createdAt: robot.createdAt, managedBy: "api" } },
    ]);
  });

  it("records no address where there is none", async () => {
    await changing({ description: "new" }, { requestId: "request-1", caller: aCaller() });
    expect((await world.events())[0]).not.toHaveProperty("clientAddress");
  });

  it("leaves no record of what is no change", async () => {
    expect(await changing({})).toMatchObject(ok({ robot: await world.robot() }));
    expect(await world.events()).toEqual([]);
  });

  it("draws a nonce where it is told to, and once where the content does so too", async () => {
    await changing({}, aChangeBy(), { freshNonce: true });
    const first = await world.robot();
    expect(first?.nonce).not.toBe("robot-nonce");
    await changing({ enabled: false }, aChangeBy(), { freshNonce: true });
    expect((await world.robot())?.nonce).not.toBe(first?.nonce);
  });

  it("records what else is said of it", async () => {
    const event = { kind: "credentials.cut_off", detail: "by pager", ruleId: "rule-1" } as const;
    await changing({}, aChangeBy(), { freshNonce: true, event });
    expect(await world.events()).toMatchObject([{ ...event, changes: [{ before: {}, after: {} }] }]);
  });

  it("hands on a refusal of the edit whole", async () => {
    const refusal = { ...rejection("rules_refused" as const), findings: ["all of it"] };
    const refused = await changeRobot(world.deps, "acme+builder", aChangeBy(), () => err(refusal));
    expect(refused).toEqual(err(refusal));
  });
});

describe("refuses, and writes nothing,", () => {
  afterEach(async () => expect(await world.events()).toEqual([]));

  it("a name that is none", async () => {
    expect(await changing({}, aChangeBy(), {}, "acme+{x}")).toEqual(
      err({ reason: "name_malformed", detail: "acme+{x}" }),
    );
  });

  it("a namespace that is none", async () => {
    expect(await changing({}, aChangeBy(), {}, "other+builder")).toEqual(
      err({ reason: "namespace_unknown", detail: "other" }),
    );
  });

  it("another version, and any where there is no robot", async () => {
    const context = aChangeBy({}, { ifMatch: "other" });
    expect(await changing({ description: "new" }, context)).toEqual(err({ reason: "precondition_failed" }));
    const content = { enabled: true, description: "", permissions: [], catalog: false, rules: [] };
    const made = await changeRobot(world.deps, "acme+new", context, () => ok(content));
    expect(made).toEqual(err({ reason: "precondition_failed" }));
  });
});

it("refuses while the store does not answer", async () => {
  world.breakStore();
  expect(await changing({})).toMatchObject(err({ reason: "store_unavailable" }));
  expect(await removeRobot(world.deps, "acme+builder", aChangeBy())).toMatchObject(
    err({ reason: "store_unavailable" }),
  );
});

describe("If-Match", () => {
  it.each([["*"], [undefined]])("%s lets any version through", async (ifMatch) => {
    const context = aChangeBy({}, ifMatch === undefined ? {} : { ifMatch });
    expect(await changing({ description: "new" }, context)).toMatchObject({ ok: true });
  });

  it("lets the version through that the last change gave, and no older one", async () => {
    const first = await changing({ description: "one" });
    const ifMatch = first.ok ? first.value.version : "";
    expect(await changing({ description: "two" }, aChangeBy({}, { ifMatch }))).toMatchObject({ ok: true });
    expect(await changing({ description: "three" }, aChangeBy({}, { ifMatch }))).toEqual(
      err({ reason: "precondition_failed" }),
    );
  });
});

describe("removeRobot", () => {
  it("removes a robot, with what it was in the record", async () => {
    expect(await removeRobot(world.deps, "acme+builder", aChangeBy())).toEqual(ok(undefined));
    expect(await world.robot()).toBeUndefined();
    const [event] = await world.events();
    expect(event).toMatchObject({ kind: "directory.changed", actor: "token:1", robot: "acme+builder" });
    expect(event?.changes).toEqual([
      {
        object: "robot acme+builder",
        before: {
          enabled: true,
          description: "",
          createdAt: 1_700_000_000,
          permissions: [{ registry: SERVICE, repository: "acme/app", role: "write" }],
          catalog: false,
          rules: [expect.objectContaining({ id: "rule-1" })],
          managedBy: "api",
        },
      },
    ]);
  });

  it("refuses one that is not there, and another version", async () => {
    expect(await removeRobot(world.deps, "acme+nobody", aChangeBy())).toEqual(
      err({ reason: "robot_unknown", detail: "acme+nobody" }),
    );
    expect(await removeRobot(world.deps, "acme+builder", aChangeBy({}, { ifMatch: "x" }))).toEqual(
      err({ reason: "precondition_failed" }),
    );
    expect(await world.robot()).toBeDefined();
    expect(await world.events()).toEqual([]);
  });
});

describe("against others who write the same namespace", () => {
  it.each([
    { what: "a change", act: () => changing({ description: "new" }) },
    { what: "a removal", act: () => removeRobot(world.deps, "acme+builder", aChangeBy()) },
  ])("$what is tried five times, each from what is there by then", async ({ act }) => {
    world.overtake(4);
    expect(await act()).toMatchObject({ ok: true });
    expect(await world.robot("acme+other")).toBeDefined();
    expect(await world.events()).toHaveLength(1);
  });

  it.each([
    { what: "a change", act: () => changing({ description: "new" }) },
    { what: "a removal", act: () => removeRobot(world.deps, "acme+builder", aChangeBy()) },
  ])("$what is given up after the fifth time", async ({ act }) => {
    world.overtake(5);
    expect(await act()).toEqual(err({ reason: "conflict", detail: "acme+builder" }));
    expect(await world.robot()).toMatchObject({ description: "" });
    expect(await world.events()).toEqual([]);
  });
});

describe("robotVersion", () => {
  it("is another with any content, and the same with another uid", async () => {
    const robot = await world.robot();
    if (robot === undefined) throw new Error("no robot");
    const version = await robotVersion(robot);
    expect(await robotVersion({ ...robot, uid: "other" })).toBe(version);
    for (const change of [{ nonce: "x" }, { description: "x" }, { rules: [] }, { catalog: true }]) {
      expect(await robotVersion({ ...robot, ...change })).not.toBe(version);
    }
  });
});
