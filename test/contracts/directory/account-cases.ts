import { describe, expect, it } from "vitest";
import type { RobotName } from "../../../src/domain/access/names.ts";
import { MAX_RULES_PER_ROBOT } from "../../../src/domain/rules/federation-rule.ts";
import { aNamespace, aRobot, aRule } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aNamespaceChange, anotherRobot } from "./changes.ts";

export function accountCases(under: () => DirectoryUnderTest): void {
  describe("an account", () => {
    it("is found at once, through every instance, again and again", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      const expected = { namespace: aNamespace(), robot: aRobot() };
      for (const instance of [directory, second, directory, second]) {
        expect(await instance.findAccount("acme+builder")).toStrictEqual(expected);
      }
    });

    it.each<RobotName>([
      "acme+build",
      "acme+builder2",
      "acme+Builder",
      "acm+builder",
      "beta+builder",
      "+builder",
    ])("is not found under %s", async (name) => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aNamespaceChange({ name: "beta", putRobots: [] }));
      expect(await directory.findAccount(name)).toBeUndefined();
    });

    it("keeps 1,000 rules in their order", async () => {
      const { directory, second } = under();
      const rules = Array.from({ length: MAX_RULES_PER_ROBOT }, (_, index) =>
        aRule({ id: `rule-${(index * 7919) % MAX_RULES_PER_ROBOT}`, subject: `subject-${index}` }),
      );
      await directory.commitNamespace(aNamespaceChange({ putRobots: [aRobot({ rules })] }));
      expect((await second.findAccount("acme+builder"))?.robot.rules).toStrictEqual(rules);
      expect((await second.readNamespace("acme"))?.robots[0]?.rules).toStrictEqual(rules);
    });

    it("has its changed rules at once, through an instance that has read the old ones", async () => {
      const { directory, second } = under();
      const versions = [
        [aRule()],
        [aRule({ nonce: "another" })],
        [aRule({ nonce: "another" }), aRule({ id: "rule-2" })],
        [aRule({ id: "rule-2" }), aRule({ nonce: "another" })],
        [],
        [aRule()],
      ];
      for (const [fromRevision, rules] of versions.entries()) {
        await directory.commitNamespace(aNamespaceChange({ fromRevision, putRobots: [aRobot({ rules })] }));
        expect((await second.findAccount("acme+builder"))?.robot.rules).toStrictEqual(rules);
        expect((await directory.findAccount("acme+builder"))?.robot.rules).toStrictEqual(rules);
      }
    });

    it("has its changed namespace and robot at once, while its rules stay", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await second.findAccount("acme+builder");
      const namespace = aNamespace({ enabled: false, nonce: "another" });
      const robot = aRobot({ nonce: "another", enabled: false });
      await directory.commitNamespace(aNamespaceChange({ fromRevision: 1, namespace, putRobots: [robot] }));
      expect(await second.findAccount("acme+builder")).toStrictEqual({ namespace, robot });
    });

    it("has its own rules, whatever other robots have", async () => {
      const { directory, second } = under();
      const robots = ["one", "two"].map((name) =>
        anotherRobot(name, { rules: [aRule({ id: `rule-of-${name}` })] }),
      );
      await directory.commitNamespace(aNamespaceChange({ putRobots: robots }));
      for (const robot of [...robots, ...robots]) {
        expect((await second.findAccount(robot.name))?.robot).toStrictEqual(robot);
      }
    });

    it("is the new robot when one is made again under an old name", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await second.findAccount("acme+builder");
      await directory.commitNamespace(
        aNamespaceChange({ fromRevision: 1, putRobots: [], removeRobots: ["acme+builder"] }),
      );
      expect(await second.findAccount("acme+builder")).toBeUndefined();
      const robot = aRobot({ uid: "another-uid", rules: [aRule({ id: "rule-2" })] });
      await directory.commitNamespace(aNamespaceChange({ fromRevision: 2, putRobots: [robot] }));
      expect((await second.findAccount("acme+builder"))?.robot).toStrictEqual(robot);
    });
  });
}
