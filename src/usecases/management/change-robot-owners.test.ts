import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRule, SERVICE } from "../../../test/support/baseline.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { Robot } from "../../domain/accounts/robot.ts";
import { rejection } from "../../domain/rejection.ts";
import { err, ok } from "../../domain/result.ts";
import { changeRobot, type Refused, type RobotChangeOptions, removeRobot } from "./change-robot.ts";

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

describe("a robot that a file manages", () => {
  beforeEach(() => world.put({ robots: [{ managedBy: "file", rules: [aRule(), aRule({ id: "rule-2" })] }] }));
  const disabled = (rule: Partial<ReturnType<typeof aRule>> = {}) => [
    aRule({ enabled: false, nonce: "new", ...rule }),
    aRule({ id: "rule-2" }),
  ];

  it.each<{ what: string; change: Partial<Robot> }>([
    { what: "disabled", change: { enabled: false } },
    { what: "disabled in one rule", change: { rules: disabled() } },
  ])("may be $what, and stays the file's", async ({ change }) => {
    expect(await changing(change)).toMatchObject({ ok: true });
    expect(await world.robot()).toMatchObject({ ...change, managedBy: "file" });
  });

  it.each<{ what: string; change: Partial<Robot> }>([
    { what: "described", change: { description: "new" } },
    { what: "disabled with something else", change: { enabled: false, description: "new" } },
    { what: "disabled in a rule with something else", change: { rules: disabled({ subject: "other" }) } },
    { what: "rid of a rule", change: { rules: [aRule()] } },
    { what: "rid of all rules", change: { rules: [] } },
  ])("is not $what", async ({ change }) => {
    expect(await changing(change)).toEqual(err({ reason: "managed_elsewhere", detail: "file" }));
    expect(await removeRobot(world.deps, "acme+builder", aChangeBy())).toEqual(
      err({ reason: "managed_elsewhere", detail: "file" }),
    );
    expect(await world.events()).toEqual([]);
  });

  it.each<{ what: string; from: Partial<Robot>; change: Partial<Robot> }>([
    { what: "itself", from: { enabled: false }, change: { enabled: true } },
    { what: "a rule", from: { rules: disabled() }, change: { rules: [aRule(), aRule({ id: "rule-2" })] } },
  ])("is not enabled, in $what", async ({ from, change }) => {
    await world.put({ robots: [{ managedBy: "file", ...from }] });
    expect(await changing(change)).toEqual(err({ reason: "managed_elsewhere", detail: "file" }));
  });

  it("is changed in what the file does not own, and stays the file's", async () => {
    const token = { hash: "ab".repeat(32), number: 1, createdAt: 1, declared: false };
    expect(await changing({ token }, aChangeBy(), { anyOwner: true })).toMatchObject({ ok: true });
    expect(await world.robot()).toMatchObject({ token, managedBy: "file" });
  });
});

describe("a robot that grants API scopes", () => {
  const scoped = aRule({ apiScopes: ["robots:write"] });
  const administrative = { permissions: [], rules: [scoped] };

  it.each<{ what: string; from: Partial<Robot>; change: Partial<Robot> }>([
    { what: "before the change", from: administrative, change: { rules: [] } },
    { what: "after it", from: { permissions: [] }, change: { rules: [scoped] } },
  ])("$what is written by an operator only", async ({ from, change }) => {
    await world.put({ robots: [from] });
    expect(await changing(change)).toEqual(err({ reason: "administrative_robot" }));
    expect(await changing(change, aChangeBy(AN_OPERATOR))).toMatchObject({ ok: true });
    expect(await world.events()).toHaveLength(1);
  });

  it.each<{ what: string; change: Partial<Robot>; options: RobotChangeOptions }>([
    { what: "disabled", change: { enabled: false }, options: {} },
    {
      what: "cut off",
      change: {},
      options: { event: { kind: "credentials.cut_off" }, anyOwner: true, freshNonce: true },
    },
  ])("may be $what by who administers its namespace, and by no job", async ({ change, options }) => {
    await world.put({ robots: [administrative] });
    const job = aChangeBy(A_JOB);
    expect(await changing(change, job, options)).toEqual(err({ reason: "administrative_robot" }));
    expect(await changing(change, aChangeBy(), options)).toMatchObject({ ok: true });
    expect((await world.robot())?.nonce).not.toBe("robot-nonce");
  });

  it("is enabled by an operator only", async () => {
    await world.put({ robots: [{ ...administrative, enabled: false }] });
    expect(await changing({ enabled: true })).toEqual(err({ reason: "administrative_robot" }));
    expect(await world.events()).toEqual([]);
  });

  it("is removed by an operator only", async () => {
    await world.put({ robots: [administrative] });
    const remove = (context = aChangeBy()) => removeRobot(world.deps, "acme+builder", context);
    expect(await remove()).toEqual(err({ reason: "administrative_robot" }));
    expect(await remove(aChangeBy(AN_OPERATOR))).toEqual(ok(undefined));
  });

  it.each<Partial<Robot>>([
    { permissions: [{ registry: SERVICE, repository: "acme/app", role: "read" }] },
    { catalog: true },
  ])("has no registry permissions: %j", async (change) => {
    await world.put({ robots: [administrative] });
    expect(await changing(change, aChangeBy(AN_OPERATOR))).toEqual(
      err({ reason: "rules_refused", detail: "a robot that grants API scopes has no registry permissions" }),
    );
    expect(await world.events()).toEqual([]);
  });
});
