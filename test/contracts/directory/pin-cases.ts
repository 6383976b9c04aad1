import { describe, expect, it } from "vitest";
import type { Robot } from "../../../src/domain/accounts/robot.ts";
import type { IdentityPin } from "../../../src/usecases/store-records.ts";
import { aNamespace, anEvent, aRobot, aRule } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aNamespaceChange, anotherRobot, aRemoval } from "./changes.ts";

const IDS = { repository_id: "4711", "/odd.path~1/uid": 'é "☃" \\/' };
const OTHER_IDS = { repository_id: "815" };
const PINNING = aRobot({ rules: [aRule({ pin: "first-use" }), aRule({ id: "rule-2", pin: "first-use" })] });

/** A first match of the baseline's rule; or, by `change`, of another. */
export function aPin(change: Partial<IdentityPin> = {}): IdentityPin {
  const event = anEvent(1_700_000_000_000, { kind: "identity.pinned", ruleId: "rule-1" });
  return { robot: "acme+builder", robotUid: "robot-uid", ruleId: "rule-1", ids: IDS, event, ...change };
}

export function pinCases(under: () => DirectoryUnderTest): void {
  const pins = async () => (await under().second.findAccount("acme+builder"))?.pins;
  /** Makes the robot, with ids recorded for both of its rules. */
  const pinned = async (robot: Robot = PINNING) => {
    const { directory } = under();
    await directory.commitNamespace(aNamespaceChange({ putRobots: [robot] }));
    await directory.pinIdentity(aPin());
    await directory.pinIdentity(aPin({ ruleId: "rule-2", ids: OTHER_IDS }));
    expect(await pins()).toStrictEqual({ "rule-1": IDS, "rule-2": OTHER_IDS });
  };
  const put = (...putRobots: Robot[]) =>
    under().directory.commitNamespace(aNamespaceChange({ fromRevision: 1, putRobots }));

  describe("the pins of a robot", () => {
    it("are with its account, through every instance, whether its rules were read before or not", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange({ putRobots: [PINNING] }));
      const account = { namespace: aNamespace(), robot: PINNING };
      expect(await second.findAccount("acme+builder")).toStrictEqual(account);
      expect(await directory.pinIdentity(aPin())).toStrictEqual(IDS);
      for (const instance of [directory, second, directory, second]) {
        expect(await instance.findAccount("acme+builder")).toStrictEqual({
          ...account,
          pins: { "rule-1": IDS },
        });
      }
      expect((await second.readNamespace("acme"))?.robots).toStrictEqual([PINNING]);
    });

    it("are those of the first, whatever is shown later", async () => {
      await pinned();
      expect(await under().second.pinIdentity(aPin({ ids: OTHER_IDS }))).toStrictEqual(IDS);
      expect(await pins()).toStrictEqual({ "rule-1": IDS, "rule-2": OTHER_IDS });
    });

    it("are one identity's after 50 first uses at once of two", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange({ putRobots: [PINNING] }));
      const standing = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 ? directory : second).pinIdentity(aPin({ ids: index % 3 ? IDS : OTHER_IDS })),
        ),
      );
      const [winner] = standing;
      expect([IDS, OTHER_IDS]).toContainEqual(winner);
      expect(standing).toStrictEqual(new Array(50).fill(winner));
      expect(await pins()).toStrictEqual({ "rule-1": winner });
    });

    it.each([
      ["no robot has that name", aPin({ robot: "acme+nobody" })],
      ["there is no such namespace", aPin({ robot: "other+builder" })],
      ["the robot is another one by now", aPin({ robotUid: "former-uid" })],
    ])("are not written, and none stand, when %s", async (_, pin) => {
      await pinned();
      expect(await under().directory.pinIdentity(pin)).toBeUndefined();
      expect(await pins()).toStrictEqual({ "rule-1": IDS, "rule-2": OTHER_IDS });
    });

    it("stay when the robot and its rules get new nonces, and when another robot is written", async () => {
      await pinned();
      const rules = PINNING.rules.map((rule) => ({ ...rule, nonce: "another" })).toReversed();
      await put({ ...PINNING, nonce: "another", rules }, anotherRobot("other"));
      expect(await pins()).toStrictEqual({ "rule-1": IDS, "rule-2": OTHER_IDS });
    });

    it("go with their rule, and the others stay", async () => {
      await pinned();
      await put({
        ...PINNING,
        rules: [aRule({ id: "rule-3", pin: "first-use" }), ...PINNING.rules.slice(1)],
      });
      expect(await pins()).toStrictEqual({ "rule-2": OTHER_IDS });
    });

    it.each([
      ["the last rule that pins", { ...PINNING, rules: [aRule()] }],
      ["the robot, when another takes its name", { ...PINNING, uid: "another-uid" }],
    ])("go with %s", async (_, robot) => {
      await pinned();
      await put(robot);
      expect(await under().second.findAccount("acme+builder")).toStrictEqual({
        namespace: aNamespace(),
        robot,
      });
      expect(
        await under().directory.pinIdentity(aPin({ robotUid: robot.uid, ids: OTHER_IDS })),
      ).toStrictEqual(OTHER_IDS);
    });

    it.each([
      ["the robot", aNamespaceChange({ fromRevision: 1, putRobots: [], removeRobots: ["acme+builder"] })],
      ["the namespace", aRemoval(1)],
    ])("go with %s, and are not back with it", async (_, removal) => {
      await pinned();
      const { directory } = under();
      expect(await directory.commitNamespace(removal)).toBe("committed");
      expect(await directory.pinIdentity(aPin())).toBeUndefined();
      const fromRevision = (await directory.readNamespace("acme"))?.revision ?? 0;
      await directory.commitNamespace(aNamespaceChange({ fromRevision, putRobots: [PINNING] }));
      expect(await pins()).toBeUndefined();
    });
  });
}
