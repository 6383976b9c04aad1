import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRobot } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const PACKER = "namespaces: [{ name: acme, robots: [{ name: packer, description: builds packages }] }]\n";
const DONE =
  '+ robot acme+packer\n    description: "builds packages"\n\n1 created, 0 changed, 0 removed, 1 unchanged.';

async function packer() {
  return world.inStore(async ({ directory }) => (await directory.readRobot("acme+packer"))?.robot);
}

async function digestOf(file: string): Promise<string> {
  return (await world.berth("plan", "-f", file)).out.slice(-64);
}

describe("berth apply", () => {
  it("does what is declared with --yes, and nothing the second time", async () => {
    const file = world.file("acme.yaml", PACKER);
    expect(await world.berth("apply", "-f", file, "--yes")).toEqual({ code: 0, out: DONE, err: "" });
    expect(await packer()).toMatchObject({ description: "builds packages", managedBy: "apply:default" });
    expect((await world.events())[0]).toMatchObject({ kind: "directory.changed", actor: "operator" });
    expect(await world.berth("apply", "-f", file, "--yes")).toEqual({
      code: 0,
      out: "nothing to do: all is as declared",
      err: "",
    });
  });

  it("does what a plan said, without a question", async () => {
    const file = world.file("acme.yaml", PACKER);
    const digest = await digestOf(file);
    expect(await world.berth("apply", "-f", file, "--plan", digest)).toEqual({ code: 0, out: DONE, err: "" });
  });

  it("does nothing where that is no longer what it would do", async () => {
    const file = world.file("acme.yaml", PACKER);
    const digest = await digestOf(file);
    await world.put({
      robots: [
        aRobot({ managedBy: "api" }),
        aRobot({ name: "acme+packer", uid: "packer-uid", managedBy: "apply:default" }),
      ],
    });
    const before = await world.events();
    expect(await world.berth("apply", "-f", file, "--plan", digest)).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^berth: It has changed since.*plan again \(precondition_failed, request .+\)$/,
      ),
    });
    expect(await world.events()).toEqual(before);
  });

  it("shows the plan and asks: where nobody answers, nothing is done", async () => {
    const file = world.file("acme.yaml", PACKER);
    const { code, out, err } = await world.berth("apply", "-f", file);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^\+ robot acme\+packer\n(?:.*\n)*berth: this applies that plan; say --yes$/);
    expect(await packer()).toBeUndefined();
  });

  it("does not ask where there is nothing to do", async () => {
    const file = world.file("acme.yaml", PACKER);
    await world.berth("apply", "-f", file, "--yes");
    expect(await world.berth("apply", "-f", file)).toMatchObject({ code: 0 });
  });

  it.each([["--yes"], []])("names what stands against it, and writes nothing: %s", async (...flags) => {
    const file = world.file("acme.yaml", PACKER.replace("packer", "builder"));
    const before = await world.events();
    const { code, err } = await world.berth(
      "apply",
      "-f",
      file,
      ...flags.filter((flag) => flag !== undefined),
    );
    expect([code, err]).toEqual([1, expect.stringContaining("robot acme+builder is managed by api")]);
    expect(await world.events()).toEqual(before);
  });

  it.each([[["--yes"]], [["--plan", "00".repeat(32)]], [[]]])(
    "tells of a faulty file with 2: %j",
    async (flags) => {
      const file = world.file("acme.yaml", "namespace: []\n");
      const { code, err } = await world.berth("apply", "-f", file, ...flags);
      expect([code, err]).toEqual([2, expect.stringContaining("acme.yaml:1:1: namespace: is not a field")]);
    },
  );

  it("takes no digest that is none", async () => {
    const file = world.file("acme.yaml", PACKER);
    expect(await world.berth("apply", "-f", file, "--plan", "latest")).toEqual({
      code: 2,
      out: "",
      err: "berth: --plan takes the digest that `berth plan` printed",
    });
  });
});
