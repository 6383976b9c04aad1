import { describe, expect, it } from "vitest";
import type { Robot } from "../../../src/domain/accounts/robot.ts";
import { aNamespace, aRobot, aRule } from "../../support/baseline.ts";
import type { DirectoryUnderTest } from "../directory-contract.ts";
import { aNamespaceChange, anotherRobot, aRemoval, byName, sorted } from "./changes.ts";

/** Every optional field there, in the robot and in its rules. */
const FULL_ROBOT: Robot = anotherRobot("full", {
  description: 'releases "äpp" 😀\n\u0000',
  enabled: false,
  catalog: true,
  permissions: [
    { registry: "registry.example.com", repository: "acme/**", role: "admin" },
    { registry: "other.example.com:5000", repository: "acme/app", role: "read" },
  ],
  rules: [
    aRule({
      id: "rule-full",
      audience: "https://other.example.com",
      claims: { repository_id: ["4711"], environment: ["staging", "production"], empty: [] },
      permissions: [{ registry: "registry.example.com", repository: "acme/app", role: "read" }],
      enabled: false,
    }),
    aRule({ id: "rule-without-permissions", permissions: [] }),
  ],
  token: { hash: "cd".repeat(32), number: 3, createdAt: 1, declared: true, expiresAt: 1_800_000_000 },
});
/** None of them. */
const BARE_ROBOT: Robot = anotherRobot("bare", { permissions: [], rules: [] });

export function namespaceCases(under: () => DirectoryUnderTest): void {
  describe("a namespace", () => {
    it("comes back with every field, through every instance", async () => {
      const { directory, second } = under();
      const putRobots = [FULL_ROBOT, BARE_ROBOT, aRobot()];
      expect(await directory.commitNamespace(aNamespaceChange({ putRobots }))).toBe("committed");
      const expected = { revision: 1, namespace: aNamespace(), robots: putRobots.toSorted(byName), pins: {} };
      expect(sorted(await directory.readNamespace("acme"))).toStrictEqual(expected);
      expect(sorted(await second.readNamespace("acme"))).toStrictEqual(expected);
    });

    it("puts and removes robots in one change, and keeps the others", async () => {
      const { directory, second } = under();
      const [first, gone] = [anotherRobot("first"), anotherRobot("gone")];
      await directory.commitNamespace(aNamespaceChange({ putRobots: [first, gone, aRobot()] }));
      const namespace = aNamespace({ enabled: false, nonce: "another" });
      const changed = { ...first, nonce: "another", description: "changed" };
      const added = anotherRobot("added");
      const change = aNamespaceChange({
        fromRevision: 1,
        namespace,
        putRobots: [changed, added],
        removeRobots: ["acme+gone", "acme+never-there"],
      });
      expect(await directory.commitNamespace(change)).toBe("committed");
      expect(sorted(await second.readNamespace("acme"))).toStrictEqual({
        revision: 2,
        namespace,
        robots: [added, changed, aRobot()].toSorted(byName),
        pins: {},
      });
    });

    it.each([
      ["0", 0],
      ["older", 1],
      ["later", 3],
    ])("is not changed from a revision that is %s", async (_, fromRevision) => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aNamespaceChange({ fromRevision: 1 }));
      const before = await directory.readNamespace("acme");
      const change = aNamespaceChange({
        fromRevision,
        namespace: aNamespace({ enabled: false }),
        putRobots: [anotherRobot("new")],
        removeRobots: ["acme+builder"],
      });
      expect(await directory.commitNamespace(change)).toBe("conflict");
      expect(await directory.commitNamespace(aRemoval(fromRevision))).toBe("conflict");
      expect(await directory.readNamespace("acme")).toStrictEqual(before);
    });

    it("is not made from a revision when there is none", async () => {
      const { directory } = under();
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: 1 }))).toBe("conflict");
      expect(await directory.readNamespace("acme")).toBeUndefined();
      expect(await directory.listNamespaces()).toStrictEqual([]);
    });

    it("takes one change of 20 made at once from one revision", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      const changes = Array.from({ length: 20 }, (_, index) =>
        aNamespaceChange({ fromRevision: 1, putRobots: [anotherRobot(`robot-${index}`)] }),
      );
      const outcomes = await Promise.all(
        changes.map((change, index) => (index % 2 ? directory : second).commitNamespace(change)),
      );
      expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(1);
      const winner = changes[outcomes.indexOf("committed")]?.putRobots ?? [];
      expect(sorted(await directory.readNamespace("acme"))).toStrictEqual({
        revision: 2,
        namespace: aNamespace(),
        robots: [...winner, aRobot()].toSorted(byName),
        pins: {},
      });
    });

    it("takes its robots with it when it is removed, and is new when made again", async () => {
      const { directory, second } = under();
      await directory.commitNamespace(aNamespaceChange());
      expect(await second.findAccount("acme+builder")).toBeDefined();
      expect(await directory.commitNamespace(aRemoval(1))).toBe("committed");
      expect(await second.readNamespace("acme")).toBeUndefined();
      expect(await second.findAccount("acme+builder")).toBeUndefined();
      expect(await directory.findAccount("acme+builder")).toBeUndefined();
      expect(await second.listNamespaces()).toStrictEqual([]);
      await directory.commitNamespace(aNamespaceChange({ putRobots: [] }));
      expect((await second.readNamespace("acme"))?.robots).toStrictEqual([]);
      expect(await second.findAccount("acme+builder")).toBeUndefined();
    });

    it("goes on with its revision when made again, so that an old change stays old", async () => {
      const { directory } = under();
      await directory.commitNamespace(aNamespaceChange());
      await directory.commitNamespace(aRemoval(1));
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: 1 }))).toBe("conflict");
      expect(await directory.commitNamespace(aNamespaceChange())).toBe("committed");
      const revision = (await directory.readNamespace("acme"))?.revision ?? 0;
      expect(revision).toBeGreaterThan(1);
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: 1 }))).toBe("conflict");
      expect(await directory.commitNamespace(aNamespaceChange({ fromRevision: revision }))).toBe("committed");
      expect((await directory.readNamespace("acme"))?.revision).toBe(revision + 1);
    });

    it("is listed with the others", async () => {
      const { directory, second } = under();
      const names = ["zeta", "_", "acme", "a.b-c"];
      for (const name of names) {
        await directory.commitNamespace(aNamespaceChange({ name, putRobots: [] }));
      }
      await directory.commitNamespace(aRemoval(1, "zeta"));
      const expected = ["_", "acme", "a.b-c"].map((name) => aNamespace({ name })).toSorted(byName);
      expect((await second.listNamespaces()).toSorted(byName)).toStrictEqual(expected);
    });
  });
}
