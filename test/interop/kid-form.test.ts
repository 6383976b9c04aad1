import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { berthCommand } from "./support/berth-command.ts";
import type { Login } from "./support/clients.ts";
import { MAIN } from "./support/declaration.ts";
import { describeDistribution3, describeWithClient } from "./support/programs.ts";
import type { ServerProcess } from "./support/server-process.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistribution3("a registry that believes Berth's JWKS file", (program) => {
  let world: World;

  let registry: ServerProcess;

  beforeAll(async () => {
    world = await startWorld({ token: "kid" });
    registry = await world.startRegistry(program, { trust: { jwks: await world.job.jwks() } });
  });
  afterAll(() => world.close());

  it("gets tokens that name a key of the file and carry no certificate", async () => {
    const login = await world.login("acme+builder");
    const [kid] = kidsIn(await world.job.jwks());
    expect(await headerOf(world, login)).toEqual({ alg: "ES256", typ: "JWT", kid });
  });

  describeWithClient("skopeo", () => {
    // attack 82
    it("takes a push and a pull, and refuses what was not granted", async () => {
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await builder.pull("acme/app")).toMatchObject({ code: 0 });
      expect(await builder.push("beta/app")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("requested access to the resource is denied"),
      });
    });

    it("follows a key that is published before it signs", async () => {
      const login = await world.login("acme+builder");
      const builder = world.clients(login);
      const kid = await kidOf(world, login);
      expect(await berthCommand(world.berth, "keys", "rotate", "kid")).toMatchObject({ code: 0, stderr: "" });
      await expect.poll(async () => kidsIn(await world.job.jwks()), { timeout: 5000 }).toHaveLength(2);
      await registry.stop();
      await world.startRegistry(program, { trust: { jwks: await world.job.jwks() } });
      expect(await kidOf(world, login)).toBe(kid);
      expect(await builder.push("acme/before")).toMatchObject({ code: 0, stderr: "" });

      const activated = await berthCommand(world.berth, "keys", "rotate", "kid", "--activate");
      expect(activated).toMatchObject({ code: 0, stderr: "" });
      await expect.poll(() => kidOf(world, login), { timeout: 5000 }).not.toBe(kid);
      expect(await builder.push("acme/after")).toMatchObject({ code: 0, stderr: "" });
    });
  });
});

async function headerOf(world: World, login: Login) {
  return decodeProtectedHeader(await world.job.registryToken(login, MAIN, "repository:acme/app:pull"));
}

/** The id of the key that signs registry tokens now. */
async function kidOf(world: World, login: Login): Promise<string | undefined> {
  return (await headerOf(world, login)).kid;
}

function kidsIn(jwks: string): readonly string[] {
  return (JSON.parse(jwks) as { keys: readonly { kid: string }[] }).keys.map(({ kid }) => kid);
}
