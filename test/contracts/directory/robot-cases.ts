import { describe, expect, it } from "vitest";
import type { RobotName } from "../../../src/domain/access/names.ts";
import type { Robot } from "../../../src/domain/accounts/robot.ts";
import { aNamespace, aRobot, aRule } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aNamespaceChange, anotherRobot, aRemoval } from "./changes.ts";

/** In the order of code units, which is no language's: digits, `_`, small letters. */
const SORTED = ["0a", "10", "2", "_x", "a", "a.b", "a0", "a_", "aa", "b"].toSorted();

/** What this release has added to a robot, and to its rules. */
const ADDED: Robot = anotherRobot("added", {
  token: { hash: "cd".repeat(32), number: 2, createdAt: 2, declared: false },
  previousToken: {
    hash: "ef".repeat(32),
    number: 1,
    createdAt: 1,
    declared: false,
    expiresAt: 1_800_000_000,
  },
  keylessOnly: true,
  metadata: { team: { name: "äpp", on_call: ["a", 1, null, 0.5, {}, []] } },
  rules: [aRule({ apiScopes: ["robots:write"] })],
});

export function robotCases(under: () => DirectoryUnderTest): void {
  const names = async (after: string, limit: number) =>
    (await under().second.listRobots("acme", after, limit)).map(({ name }) => name);

  describe("one robot's place", () => {
    it("has the robot with every field, and its namespace's revision", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange({ putRobots: [ADDED, aRobot()] }));
      await directory.commitNamespace(aNamespaceChange({ fromRevision: 1, putRobots: [] }));
      const place = { revision: 2, namespace: aNamespace() };
      expect(await second.readRobot("acme+added")).toStrictEqual({ ...place, robot: ADDED });
      expect(await directory.readRobot("acme+builder")).toStrictEqual({ ...place, robot: aRobot() });
    });

    it.each<RobotName>(["acme+build", "acme+builder2", "acme+Builder"])("is free at %s", async (name) => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      expect(await directory.readRobot(name)).toStrictEqual({
        revision: 1,
        namespace: aNamespace(),
        robot: undefined,
      });
    });

    it.each<RobotName>(["beta+builder", "acm+builder", "+builder"])(
      "is none at %s, without its namespace",
      async (name) => {
        const { directory } = under();
        await directory.commitNamespace(aNamespaceChange());
        expect(await directory.readRobot(name)).toBeUndefined();
      },
    );

    it("is none once the namespace is removed, and free once it is made anew", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      expect(await second.readRobot("acme+builder")).toBeUndefined();
      await directory.commitNamespace(aNamespaceChange({ putRobots: [] }));
      expect((await second.readRobot("acme+builder"))?.robot).toBeUndefined();
    });
  });

  describe("a list of robots", () => {
    it("has them whole, in the order of their names, whatever the one they were written in", async () => {
      const { directory, second } = under();
      const robots = SORTED.map((name) => anotherRobot(name, { rules: [aRule({ id: `rule-of-${name}` })] }));
      await directory.commitNamespace(aNamespaceChange({ putRobots: [...robots].reverse() }));
      await directory.commitNamespace(aNamespaceChange({ name: "acme2" }));
      expect(await second.listRobots("acme", "", 100)).toStrictEqual(robots);
    });

    it.each([1, 3, SORTED.length - 1, SORTED.length])(
      "has each robot once over pages of %i",
      async (limit) => {
        const { directory } = under();
        await directory.commitNamespace(
          aNamespaceChange({ putRobots: SORTED.map((name) => anotherRobot(name)) }),
        );
        const seen: string[] = [];
        for (;;) {
          const page = await names(seen.at(-1) ?? "", limit);
          seen.push(...page);
          if (page.length < limit) break;
          expect(page).toHaveLength(limit);
        }
        expect(seen).toStrictEqual(SORTED.map((name) => `acme+${name}`));
      },
    );

    it("goes on behind a name that has no robot, or none any more", async () => {
      const { directory } = under();
      await directory.commitNamespace(
        aNamespaceChange({ putRobots: ["a", "b", "c"].map((name) => anotherRobot(name)) }),
      );
      expect(await names("acme+aa", 10)).toStrictEqual(["acme+b", "acme+c"]);
      await directory.commitNamespace(
        aNamespaceChange({ fromRevision: 1, putRobots: [], removeRobots: ["acme+b"] }),
      );
      expect(await names("acme+b", 10)).toStrictEqual(["acme+c"]);
      expect(await names("acme+c", 10)).toStrictEqual([]);
    });

    it("has as many as are asked for", async () => {
      const { directory } = under();
      const putRobots = Array.from({ length: 1201 }, (_, at) =>
        anotherRobot(`r${String(at).padStart(4, "0")}`, { rules: [] }),
      );
      await directory.commitNamespace(aNamespaceChange({ putRobots }));
      expect(await names("", 5000)).toStrictEqual(putRobots.map(({ name }) => name));
      expect(await names("acme+r0099", 1100)).toStrictEqual(
        putRobots.slice(100, 1200).map(({ name }) => name),
      );
    });

    it("is empty for a namespace that is removed, that never was, or that has none", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      await directory.commitNamespace(aNamespaceChange({ name: "bare", putRobots: [] }));
      for (const name of ["acme", "never", "bare"]) {
        expect(await second.listRobots(name, "", 10)).toStrictEqual([]);
      }
      await directory.commitNamespace(aNamespaceChange({ putRobots: [anotherRobot("new")] }));
      expect(await names("", 10)).toStrictEqual(["acme+new"]);
    });
  });

  describe("the pins of a namespace", () => {
    it("are read with it, those of robots that have any", async () => {
      const { directory, second } = under();
      const pinning = aRobot({
        rules: [aRule({ pin: "first-use" }), aRule({ id: "rule-2", pin: "first-use" })],
      });
      await directory.commitNamespace(aNamespaceChange({ putRobots: [pinning, anotherRobot("other")] }));
      expect((await second.readNamespace("acme"))?.pins).toStrictEqual({});
      const pin = { robot: pinning.name, robotUid: pinning.uid, event: aNamespaceChange().event };
      await directory.pinIdentity({ ...pin, ruleId: "rule-1", ids: { a: "1" } });
      await directory.pinIdentity({ ...pin, ruleId: "rule-2", ids: { b: '"2"', c: "é" } });
      expect((await second.readNamespace("acme"))?.pins).toStrictEqual({
        "acme+builder": { "rule-1": { a: "1" }, "rule-2": { b: '"2"', c: "é" } },
      });
    });
  });
}
