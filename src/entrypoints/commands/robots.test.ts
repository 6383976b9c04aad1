import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRobot } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const TOKEN = /^brp_[0-9A-Za-z]{49}$/;

async function tokenHash(robot: "acme+builder" | "acme+new"): Promise<string | undefined> {
  return world.inStore(async ({ directory }) => (await directory.readRobot(robot))?.robot?.token?.hash);
}

describe("berth robots", () => {
  it("lists those of a namespace", async () => {
    await world.berth("robots", "create", "acme+new", "--keyless", "--description", "a\u001b[2Jb");
    const { out } = await world.berth("robots", "list", "acme");
    expect(out.split("\n")).toEqual([
      "NAME          ENABLED  RULES  PERMISSIONS  TOKEN         MANAGED BY  DESCRIPTION",
      expect.stringMatching(/^acme\+builder {2}yes {6}1 {6}1 {12}none {10}api/),
      "acme+new      yes      0      0            none allowed  api         a\\u{1b}[2Jb",
    ]);
    const listed = JSON.parse((await world.berth("robots", "list", "acme", "--json")).out);
    expect(Object.keys(listed)).toEqual(["robots"]);
    expect(listed.robots.map(({ name }: { name: string }) => name)).toEqual(["acme+builder", "acme+new"]);
  });

  it("lists more than a page of them", async () => {
    const many = Array.from({ length: 1100 }, (_, at) => ({
      ...aRobot({ managedBy: "api" }),
      name: `acme+r${String(at).padStart(4, "0")}` as const,
      uid: `uid-${at}`,
    }));
    await world.put({ robots: many });
    const { out } = await world.berth("robots", "list", "acme", "--json");
    const listed = JSON.parse(out);
    expect(listed.robots).toHaveLength(1101);
    expect(Object.keys(listed)).toEqual(["robots"]);
  });

  it("creates one, and prints its token alone", async () => {
    const { code, out, err } = await world.berth("robots", "create", "acme+new", "--expires-in", "3600");
    expect([code, err]).toEqual([0, "acme+new: created; its token is not shown again"]);
    expect(out).toMatch(TOKEN);
    const shown = (await world.berth("robots", "show", "acme+new")).out;
    expect(shown).toMatch(/^token: +#1 until 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
    expect(shown).not.toContain("brp_");
    expect(JSON.stringify(await world.events())).not.toContain(out);
  });

  it("creates one without a token, and as JSON", async () => {
    expect(await world.berth("robots", "create", "acme+new", "--keyless")).toEqual({
      code: 0,
      out: "",
      err: "acme+new: created",
    });
    const { out } = await world.berth("robots", "create", "acme+other", "--json");
    expect(JSON.parse(out)).toMatchObject({ name: "acme+other", robot_token: expect.stringMatching(TOKEN) });
  });

  it("shows one with its permissions", async () => {
    expect((await world.berth("robots", "show", "acme+builder")).out.split("\n")).toEqual([
      "name:        acme+builder",
      expect.stringMatching(/^description: /),
      "enabled:     yes",
      expect.stringMatching(/^created: {5}\d{4}-/),
      "managed by:  api",
      "token:       none",
      "catalogue:   no",
      "rules:       1",
      "",
      "REGISTRY              REPOSITORY  ROLE",
      expect.stringMatching(/^registry\.example\.com {2}acme\/\S+ +write$/),
    ]);
    expect((await world.berth("robots", "permissions", "acme+builder")).out).toMatch(
      /^REGISTRY .*\n.* write$/,
    );
  });

  it("disables, enables and deletes one", async () => {
    expect((await world.berth("robots", "disable", "acme+builder")).out).toBe("acme+builder: disabled");
    expect((await world.berth("robots", "show", "acme+builder")).out).toContain("enabled:     no");
    expect((await world.berth("robots", "enable", "acme+builder")).out).toBe("acme+builder: enabled");
    expect((await world.berth("robots", "delete", "acme+builder")).out).toBe("acme+builder: deleted");
    expect((await world.berth("robots", "list", "acme")).out).toBe("no robot accounts");
  });

  it.each([["show"], ["delete"], ["enable"], ["disable"], ["permissions"], ["token"]])(
    "%s: refuses a robot account that there is not, and a name of none",
    async (word) => {
      const refused = await world.berth("robots", word, "acme+nobody");
      expect([refused.code, refused.out]).toEqual([1, ""]);
      expect(refused.err).toMatch(/^berth: There is no such robot account.* \(robot_unknown, request .+\)$/);
      expect(await world.berth("robots", word, "builder")).toEqual({
        code: 2,
        out: "",
        err: "berth: a robot account is named NAMESPACE+NAME, like acme+builder",
      });
    },
  );

  it.each(["x", "-1", "1.5", ""])("takes no lifetime %j", async (seconds) => {
    const { code, err } = await world.berth("robots", "create", "acme+new", `--expires-in=${seconds}`);
    expect([code, err]).toEqual([2, "berth: --expires-in takes a whole number"]);
  });
});

describe("berth robots token", () => {
  it("prints a new token alone, which is the robot's then", async () => {
    const { code, out, err } = await world.berth("robots", "token", "acme+builder");
    expect([code, err]).toEqual([0, "acme+builder: it is not shown again"]);
    expect(out).toMatch(TOKEN);
    expect(await tokenHash("acme+builder")).toHaveLength(64);
  });

  it("leaves the one before alive for a while, and gives the new one an end", async () => {
    await world.berth("robots", "token", "acme+builder");
    const before = await tokenHash("acme+builder");
    await world.berth("robots", "token", "acme+builder", "--grace", "300", "--expires-in", "3600");
    const { out } = await world.berth("robots", "show", "acme+builder", "--json");
    expect(JSON.parse(out)).toMatchObject({
      token: { number: 2, expires_at: expect.any(String) },
      previous_token: { number: 1, expires_at: expect.any(String) },
    });
    expect(await tokenHash("acme+builder")).not.toBe(before);
  });

  it("with --hash prints the line for a file, and changes nothing", async () => {
    const { code, out, err } = await world.berth("robots", "token", "acme+builder", "--hash");
    expect(code).toBe(0);
    expect(out).toMatch(TOKEN);
    expect(err).toMatch(/^token_hash: "sha256:[0-9a-f]{64}"$/);
    expect(await tokenHash("acme+builder")).toBeUndefined();
  });
});
