import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICE } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const OTHER = "Mirror of docker.io";
const FILE = `service: ${OTHER}\nurl: https://mirror.example.com\ntoken: kid\ntoken_seconds: 120\n`;

describe("berth registries", () => {
  it("puts, lists and removes one, also of a name with spaces", async () => {
    const { berth } = world;
    const put = await berth("registries", "put", world.file("registry.yaml", FILE));
    expect(put).toEqual({ code: 0, out: `${OTHER}: written`, err: "" });
    expect((await berth("registries", "list")).out.split("\n")).toEqual([
      "SERVICE               URL                           TOKEN  SECONDS  MANAGED BY",
      `${OTHER}   https://mirror.example.com    kid    120      api`,
      `${SERVICE}  https://registry.example.com  x5c    300      api`,
    ]);
    expect((await berth("registries", "remove", OTHER)).out).toBe(`${OTHER}: removed`);
    expect((await berth("registries", "show", OTHER)).err).toContain("(registry_unknown, request ");
  });

  it("shows one as a file has it, which writes it back unchanged", async () => {
    const { out } = await world.berth("registries", "show", SERVICE);
    expect(out).toContain(`service: "${SERVICE}"`);
    const before = await world.inStore(({ directory }) => directory.readSystem());
    expect((await world.berth("registries", "put", world.file("registry.yaml", out))).code).toBe(0);
    const after = await world.inStore(({ directory }) => directory.readSystem());
    expect(after.registries).toEqual(before.registries);
  });

  it("removes one that permissions name only when forced", async () => {
    const refused = await world.berth("registries", "remove", SERVICE);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("(in_use, request ")]);
    expect((await world.berth("registries", "remove", SERVICE, "--force")).out).toBe(`${SERVICE}: removed`);
  });

  it("tells what is wrong with a file, and writes nothing", async () => {
    const nameless = await world.berth("registries", "put", world.file("r.yaml", "token: kid\n"));
    expect([nameless.code, nameless.err]).toEqual([
      2,
      expect.stringContaining("r.yaml: service is required"),
    ]);
    const wrong = await world.berth("registries", "put", world.file("r.yaml", FILE.replace("kid", "jwt")));
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("(request_malformed, request ")]);
    expect((await world.berth("registries", "list", "--json")).out).not.toContain("mirror");
  });
});
