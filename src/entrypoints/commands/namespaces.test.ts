import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

describe("berth namespaces", () => {
  it("creates, lists, disables, enables and deletes one, and releases its name", async () => {
    const { berth } = world;
    expect(await berth("namespaces", "create", "alice", "--kind", "user")).toEqual({
      code: 0,
      out: "alice: created",
      err: "",
    });
    expect((await berth("namespaces", "disable", "alice")).out).toBe("alice: disabled");
    expect((await berth("namespaces", "list")).out.split("\n")).toEqual([
      "NAME   KIND          ENABLED  MANAGED BY",
      "acme   organization  yes      api",
      "alice  user          no       api",
    ]);
    expect((await berth("namespaces", "enable", "alice")).out).toBe("alice: enabled");
    expect((await berth("namespaces", "delete", "alice", "--yes")).out).toMatch(
      /^alice: deleted; its name is reserved/,
    );
    expect((await berth("namespaces", "reserved")).out).toMatch(/^NAME {3}SINCE\nalice {2}20\d\d-.*Z$/);
    expect(await berth("namespaces", "create", "alice")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/^berth: The name is reserved: .* \(name_reserved, request .+\)$/),
    });
    expect((await berth("namespaces", "release", "alice")).out).toBe("alice: released");
    expect((await berth("namespaces", "reserved")).out).toBe("no reserved names");
    expect((await berth("namespaces", "create", "alice", "--json")).out).toBe(
      JSON.stringify({ name: "alice", kind: "organization", enabled: true, managed_by: "api" }, null, 2),
    );
    const [newest] = await world.events();
    expect(newest).toMatchObject({ kind: "directory.changed", actor: "operator", namespace: "alice" });
  });

  it("tells where the images of a deleted one may be, and deletes nothing unconfirmed", async () => {
    expect(await world.berth("namespaces", "delete", "acme")).toEqual({
      code: 2,
      out: "",
      err: "berth: this deletes acme with its robot accounts; say --yes",
    });
    expect((await world.berth("namespaces", "list", "--json")).out).toContain('"acme"');
    expect((await world.berth("namespaces", "delete", "acme", "--yes")).out).toBe(
      "acme: deleted; its name is reserved, its images may still be in registry.example.com",
    );
    expect((await world.berth("namespaces", "list")).out).toBe("no namespaces");
  });

  it.each([
    ["enable", "There is no such namespace"],
    ["disable", "There is no such namespace"],
    ["release", "There is no such reserved name"],
  ])("%s: tells that there is none", async (word, sentence) => {
    const { code, out, err } = await world.berth("namespaces", word, "nobody");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`berth: ${sentence}`);
  });

  it.each(["", ".", ".."])("takes no name %j, which would be another path", async (name) => {
    const { code, err } = await world.berth("namespaces", "enable", name);
    expect([code, err]).toEqual([2, `berth: "${name}" is no name`]);
  });

  it("asks for names that are none, and says what is wrong with them", async () => {
    const { code, err } = await world.berth("namespaces", "enable", "a/../acme");
    expect(code).toBe(1);
    expect(err).toContain("(name_malformed, request ");
  });
});
