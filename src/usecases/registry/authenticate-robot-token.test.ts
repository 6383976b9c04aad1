import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import type { BerthChange } from "../../../test/support/berth-app.ts";
import { startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import type { RobotToken } from "../../domain/accounts/robot.ts";
import { newRobotToken, type Secret } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { err, ok } from "../../domain/result.ts";
import { authenticateAccount } from "./authenticate-account.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld();
});
afterEach(() => world.close());

const USER = "acme+builder";
const INVALID = err({ reason: "credentials_invalid" });
const ROBOT_ACCESS = {
  grants: [{ registry: SERVICE, repository: "acme/app", actions: ["pull", "push"] }],
  catalog: false,
};
const authenticate = (secret: Secret | string, username: string = USER) =>
  authenticateAccount(world.deps, {
    username,
    password: typeof secret === "string" ? secret : secret.expose(),
  });

describe("a robot token", () => {
  let secret: Secret;

  async function put(token: Partial<RobotToken> = {}, records: BerthChange = {}): Promise<void> {
    secret = newRobotToken(world.deps.random);
    const hash = await sha256Hex(secret.expose());
    const stored = { hash, number: 2, createdAt: world.clock.seconds(), declared: false, ...token };
    await world.put({ ...records, robot: { token: stored, ...records.robot } });
    world.takeSteps();
  }

  it("stands for its robot without an end", async () => {
    await put();
    expect(await authenticate(secret)).toEqual(
      ok({ actor: "acme+builder#token-2", robot: USER, held: [ROBOT_ACCESS] }),
    );
    expect(world.takeSteps()).toEqual(["directory.findAccount"]);
  });

  it("stands until its end, less the minute that a registry token lives", async () => {
    const expiresAt = world.clock.seconds() + 61;
    await put({ expiresAt });
    expect(await authenticate(secret)).toMatchObject({ ok: true, value: { expiresAt } });
    world.clock.advance(1000);
    expect(await authenticate(secret)).toEqual(err({ reason: "credential_expired", detail: "robot token" }));
  });

  it.each([
    ["another token", () => authenticate(newRobotToken(world.deps.random))],
    ["an unknown robot's name", () => authenticate(secret, "acme+nobody")],
  ])("is refused with %s", async (_, attempt) => {
    await put();
    expect(await attempt()).toEqual(INVALID);
  });

  it("is refused of a robot that has none", async () => {
    await put();
    await world.put({});
    expect(await authenticate(secret)).toEqual(INVALID);
  });

  it.each<[string, BerthChange]>([
    ["robot", { robot: { enabled: false } }],
    ["namespace", { namespace: { enabled: false } }],
  ])("is dead while its %s is disabled, for who holds it", async (_, records) => {
    await put({}, records);
    expect(await authenticate(secret)).toEqual(
      err({ reason: "credential_revoked", detail: "the robot account is disabled" }),
    );
    expect(await authenticate(newRobotToken(world.deps.random))).toEqual(INVALID);
  });
});

describe("the robot token before the last", () => {
  let previous: Secret;
  let last: Secret;

  /** @param seconds How long it lives on. */
  async function put(seconds: number, robot: BerthChange["robot"] = {}, lastNumber = 2): Promise<void> {
    [previous, last] = [newRobotToken(world.deps.random), newRobotToken(world.deps.random)];
    const now = world.clock.seconds() + 1;
    const kept = { createdAt: now, declared: false };
    const [previousHash, lastHash] = await Promise.all(
      [previous, last].map((one) => sha256Hex(one.expose())),
    );
    const previousToken = { ...kept, hash: previousHash ?? "", number: 1, expiresAt: now + seconds };
    await world.put({
      robot: { token: { ...kept, hash: lastHash ?? "", number: lastNumber }, previousToken, ...robot },
    });
    world.takeSteps();
  }

  it("stands for its robot to its end, under its own number, beside the last", async () => {
    await put(120);
    const expiresAt = world.clock.seconds() + 120;
    expect(await authenticate(previous)).toEqual(
      ok({ actor: "acme+builder#token-1", robot: USER, held: [ROBOT_ACCESS], expiresAt }),
    );
    expect(await authenticate(last)).toEqual(
      ok({ actor: "acme+builder#token-2", robot: USER, held: [ROBOT_ACCESS] }),
    );
    expect(world.takeSteps()).toEqual(["directory.findAccount", "directory.findAccount"]);
    world.clock.advance(61_000);
    expect(await authenticate(previous)).toEqual(
      err({ reason: "credential_expired", detail: "robot token" }),
    );
    expect(await authenticate(last)).toMatchObject({ ok: true });
  });

  it("is refused once the last is not the one that it was left for: an older release has replaced it", async () => {
    await put(120, {}, 3);
    expect(await authenticate(previous)).toEqual(INVALID);
    expect(await authenticate(last)).toMatchObject(ok({ actor: "acme+builder#token-3" }));
  });

  it("is refused under another name, once it is dropped, and while its robot is disabled", async () => {
    await put(120);
    expect(await authenticate(previous, "acme+nobody")).toEqual(INVALID);
    expect(await authenticate(newRobotToken(world.deps.random))).toEqual(INVALID);
    await world.put({});
    expect(await authenticate(previous)).toEqual(INVALID);
    await put(120, { enabled: false });
    expect(await authenticate(previous)).toMatchObject(err({ reason: "credential_revoked" }));
  });
});
