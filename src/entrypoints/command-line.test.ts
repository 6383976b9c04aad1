import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandWorld, newCommandWorld } from "../../test/support/command-world.ts";
import { COMMANDS } from "./commands/all-commands.ts";

let world: CommandWorld;
beforeAll(() => {
  world = newCommandWorld();
});
afterAll(() => world.remove());

const NO_SUCH = "berth: no such command. `berth help` lists them.";

describe("berth", () => {
  it.each([[], ["help"], ["--help"], ["-h"]])(
    "says with %j what there is, grouped by first word",
    async (...args) => {
      const { code, out, err } = await world.berth(...args);
      expect([code, err]).toEqual([0, ""]);
      for (const { words, summary } of COMMANDS) {
        expect(out).toMatch(new RegExp(`^  ${words.join(" ")} +${literal(summary)}$`, "m"));
      }
      expect(out).toMatch(
        /\n\n {2}permissions list .*\n {2}permissions add .*\n {2}permissions remove .*\n\n/,
      );
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    },
  );

  it("lists the commands that begin with a word, as a fault or as help", async () => {
    const list = "  berth store new-epoch --yes\n      ends every credential (after a restore, or a loss)";
    expect(await world.berth("store")).toEqual({ code: 2, out: "", err: list });
    expect(await world.berth("store", "nothing")).toEqual({ code: 2, out: "", err: list });
    for (const args of [
      ["store", "--help"],
      ["help", "store"],
    ]) {
      expect(await world.berth(...args)).toEqual({ code: 0, out: list, err: "" });
    }
  });

  it.each([["brp_secret"], ["help", "brp_secret"]])(
    "does not repeat what it does not know: %j",
    async (...args) => {
      expect(await world.berth(...args)).toEqual({ code: 2, out: "", err: NO_SUCH });
    },
  );

  it("tells all about a command, and whom it asks", async () => {
    const { code, out } = await world.berth("robots", "delete", "--help");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "berth robots delete ROBOT",
      "",
      expect.stringMatching(/^Deletes ROBOT/),
      "It asks the server that --server or BERTH_SERVER names, with an API token; without one, this host's",
      "own store.",
      "",
      "Example:",
      "  berth robots delete acme+builder",
    ]);
    expect((await world.berth("serve", "--help")).out).not.toContain("--server");
  });

  it.each([
    ["robots", "delete"],
    ["robots", "delete", "acme+builder", "more"],
  ])("wants as many arguments as there are: %j", async (...args) => {
    expect(await world.berth(...args)).toEqual({ code: 2, out: "", err: "usage: berth robots delete ROBOT" });
  });

  it("names an option that it does not have", async () => {
    const { code, out, err } = await world.berth("robots", "delete", "--nothing", "acme+builder");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^berth: Unknown option '--nothing'.*\nusage: berth robots delete ROBOT$/);
  });

  it("gives each of its commands words of its own and an example of just these", () => {
    for (const { words, example, summary } of COMMANDS) {
      expect(example).toContain(`berth ${words.join(" ")}`);
      expect(summary).not.toMatch(/[.\n]/);
    }
    const lines = COMMANDS.map(({ words }) => words.join(" "));
    expect(new Set(lines).size).toBe(lines.length);
  });

  it("finds each of its commands, also where another begins like it", async () => {
    for (const { words } of COMMANDS) {
      const { code, out } = await world.berth(...words, "--help");
      expect([code, out.startsWith(`berth ${words.join(" ")}`)]).toEqual([0, true]);
      for (const line of out.split("\n").slice(2)) expect(line.length).toBeLessThanOrEqual(120);
    }
  });
});

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
