import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRobot } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put({ robots: [aRobot({ managedBy: "api", permissions: [], rules: [] })] });
});
afterEach(() => world.remove());

const ROBOT = "acme+builder";

describe("berth permissions", () => {
  it("adds, lists and removes", async () => {
    const { berth } = world;
    expect((await berth("permissions", "list", ROBOT)).out).toBe("no permissions");
    const added = "REGISTRY              REPOSITORY  ROLE\nregistry.example.com  acme/**     write";
    expect(await berth("permissions", "add", ROBOT, "acme/**", "write")).toEqual({
      code: 0,
      out: added,
      err: "",
    });
    expect((await berth("permissions", "list", ROBOT)).out).toBe(added);
    expect(JSON.parse((await berth("permissions", "list", ROBOT, "--json")).out)).toEqual({
      permissions: [{ registry: "registry.example.com", repository: "acme/**", role: "write" }],
    });
    expect((await berth("permissions", "remove", ROBOT, "acme/**")).out).toBe("no permissions");
  });

  it.each([
    [["add", ROBOT, "acme/app", "owner"], "request_malformed"],
    [["add", ROBOT, "acme/app", "read", "--registry", "other.example.com"], "registry_unknown"],
    [["remove", ROBOT, "acme/app"], "permission_unknown"],
    [["remove", ROBOT, "acme/app", "--registry", "other.example.com"], "permission_unknown"],
    [["list", "acme+nobody"], "robot_unknown"],
  ])("%j: is refused, and changes nothing", async (args, reason) => {
    const { code, out, err } = await world.berth("permissions", ...args);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`(${reason}, request `);
    expect((await world.berth("permissions", "list", ROBOT)).out).toBe("no permissions");
  });
});
