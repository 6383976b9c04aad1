import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { berthCommand } from "./support/berth-command.ts";
import type { Login } from "./support/clients.ts";
import { MAIN } from "./support/declaration.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistributions("a new signing key under the same CA", (program) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.startRegistry(program);
  });
  afterAll(() => world.close());

  describeWithClient("skopeo", () => {
    it("signs the next push, which the registry takes as it stands", async () => {
      const login = await world.login("acme+builder");
      const builder = world.clients(login);
      const caPem = await world.job.caPem();
      const leaf = await leafOf(world, login);
      expect(await builder.push("acme/before")).toMatchObject({ code: 0, stderr: "" });

      expect(await berthCommand(world.berth, "keys", "rotate", "x5c")).toMatchObject({ code: 0, stderr: "" });
      await expect.poll(() => leafOf(world, login), { timeout: 5000 }).not.toBe(leaf);

      expect(await builder.push("acme/after")).toMatchObject({ code: 0, stderr: "" });
      expect(await builder.pull("acme/before")).toMatchObject({ code: 0 });
      expect(await world.job.caPem()).toBe(caPem);
    });
  });
});

/** The certificate of the key that signs registry tokens now. */
async function leafOf(world: World, login: Login): Promise<string | undefined> {
  const token = await world.job.registryToken(login, MAIN, "repository:acme/app:pull");
  return decodeProtectedHeader(token).x5c?.[0];
}
