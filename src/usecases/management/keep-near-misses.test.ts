import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aNamespace, anEvent, aRobot, aRule, ISSUER_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../../test/support/berth-app.ts";
import type { RobotName } from "../../domain/access/names.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { keepNearMisses, MAX_ROBOTS_OF_NEAR_MISS } from "./keep-near-misses.ts";

let berth: TestBerth;
beforeEach(async () => {
  const rule = aRule({ issuer: ISSUER_URL, subject: "x", claims: { repository_owner_id: ["42"] } });
  berth = await startTestBerth({ robot: { rules: [rule] } });
});
afterEach(() => berth.close());

const candidate = (
  claims: Readonly<Record<string, string>> = {},
  robot: RobotName = "acme+builder",
): NearMissCandidate => ({
  requestId: "request-1",
  at: berth.clock.now(),
  robot,
  profile: "github",
  claims: new Map(
    Object.entries({ iss: ISSUER_URL, sub: SUBJECT, repository_owner_id: "42", actor: "jane", ...claims }),
  ),
});

const keep = (candidates: readonly NearMissCandidate[], personal = false) =>
  keepNearMisses(
    { directory: berth.directory, nearMisses: berth.nearMisses, clock: berth.clock, personal },
    candidates,
  );
const read = (namespace = "acme") => berth.nearMisses.read(namespace, berth.clock.now());

describe("keepNearMisses", () => {
  it("keeps a named tenant's token, whatever robot of the namespace it asked for, and counts the others", async () => {
    await keep([
      candidate(),
      candidate({}, "acme+nobody"),
      candidate({ repository_owner_id: "666" }),
      candidate({ repository_owner_id: "667" }),
    ]);
    const { misses, others } = await read();
    expect(misses.map(({ miss }) => [miss.robot, miss.tenant]).toSorted()).toEqual([
      ["acme+builder", "repository_owner_id=42"],
      ["acme+nobody", "repository_owner_id=42"],
    ]);
    expect(others).toBe(2);
    expect(JSON.stringify(misses)).not.toContain("jane");
  });

  it("keeps people's names where the setting says so", async () => {
    await keep([candidate()], true);
    expect((await read()).misses[0]?.miss.claims).toMatchObject({ actor: "jane" });
  });

  it("writes nothing for a namespace that does not exist", async () => {
    await keep([candidate({}, "nowhere+builder")]);
    expect(await read("nowhere")).toEqual({ misses: [], others: 0 });
  });

  it("reads each namespace once, and not more than twenty, and tells how many it left out", async () => {
    const read = vi.spyOn(berth.directory, "readRobot");
    const names = Array.from({ length: 30 }, (_, at): RobotName => `ns${at}+builder`);
    expect(await keep([...names, ...names].map((name) => candidate({}, name)))).toBe(20);
    expect(read).toHaveBeenCalledTimes(20);
  });

  it("looks at the first robots of a large namespace, and at those that were asked for", async () => {
    const ruleOf = (owner: number) =>
      aRule({ issuer: ISSUER_URL, subject: "x", claims: { repository_owner_id: [`${owner}`] } });
    const [firstOwner, unread, asked] = [
      1000,
      1000 + MAX_ROBOTS_OF_NEAR_MISS,
      1001 + MAX_ROBOTS_OF_NEAR_MISS,
    ];
    const robotNamed = (at: number): RobotName => `big+r${at}`;
    const robots = Array.from({ length: MAX_ROBOTS_OF_NEAR_MISS + 2 }, (_, at) =>
      aRobot({ name: robotNamed(1000 + at), uid: `uid-${at}`, rules: [ruleOf(1000 + at)] }),
    );
    await berth.directory.commitNamespace({
      name: "big",
      fromRevision: 0,
      namespace: aNamespace({ name: "big" }),
      putRobots: robots,
      removeRobots: [],
      event: anEvent(0),
    });
    const of = (owner: number, robot: RobotName) => candidate({ repository_owner_id: `${owner}` }, robot);
    await keep([
      of(firstOwner, robotNamed(asked)),
      of(unread, robotNamed(firstOwner)),
      of(asked, robotNamed(asked)),
      of(firstOwner, "big+zz"),
    ]);
    const { misses, others } = await read("big");
    expect(misses.map(({ miss }) => [miss.robot, miss.tenant]).toSorted()).toEqual([
      [robotNamed(asked), `repository_owner_id=${firstOwner}`],
      [robotNamed(asked), `repository_owner_id=${asked}`],
      ["big+zz", `repository_owner_id=${firstOwner}`],
    ]);
    expect(others).toBe(1);
  });
});
