import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(() => {
  world = newCommandWorld();
});
afterEach(() => world.remove());

const SECRET = /^bra_[0-9A-Za-z]{49}$/;

describe("berth tokens", () => {
  it("creates one and prints it alone, lists it without its secret, and revokes it", async () => {
    const { berth } = world;
    const bound = ["--scope", "rules:write", "--scope", "robots:write", "--namespace", "acme"];
    const made = await berth("tokens", "create", "from CI", ...bound, "--expires-in", "3600");
    expect(made.code).toBe(0);
    expect(made.out).toMatch(SECRET);
    const [, id = ""] = /^API token ([0-9a-f]{32}) until 20\S+Z; it is not shown again$/.exec(made.err) ?? [];
    const listed = await berth("tokens", "list");
    expect(listed.out.split("\n")[1]).toMatch(
      new RegExp(`^${id} {2}20\\S+Z {2}rules:write,robots:write {2}acme +operator +from CI$`),
    );
    expect(listed.out).not.toContain("bra_");
    expect((await berth("tokens", "revoke", id)).out).toBe(`API token ${id}: revoked`);
    expect((await berth("tokens", "list")).out).toBe("no API tokens");
    expect((await berth("tokens", "revoke", id)).err).toContain("(api_token_unknown, request ");
  });

  it("binds one to everywhere unless it says otherwise, and to a user", async () => {
    const { out } = await world.berth(
      "tokens",
      "create",
      "mine",
      "--scope",
      "super:user",
      "--user",
      "alice",
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({
      namespaces: "all",
      user: "alice",
      token: expect.stringMatching(SECRET),
    });
    expect((await world.berth("tokens", "list")).out).toMatch(/ super:user {2}all /);
  });

  it.each([
    [["--scope", "everything"], /scopes/],
    [[], /scopes/],
    [["--scope", "rules:write"], /namespaces/],
    [["--scope", "org:read", "--expires-in", "1"], /expires_in/],
  ])("refuses %j, and makes none", async (options, sentence) => {
    const { code, out, err } = await world.berth("tokens", "create", "x", ...options);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(sentence);
    expect((await world.berth("tokens", "list")).out).toBe("no API tokens");
  });

  it("says who the operator of this host is", async () => {
    expect((await world.berth("tokens", "self")).out.split("\n")).toEqual([
      "known as:   operator",
      "scopes:     super:user",
      "namespaces: all",
      "user:       -",
      "until:      -",
    ]);
    expect(JSON.parse((await world.berth("tokens", "self", "--json")).out)).toMatchObject({
      actor: "operator",
    });
  });
});
