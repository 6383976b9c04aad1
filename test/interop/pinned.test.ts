import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith, findProgram } from "../support/find-server.ts";
import { berthCommand } from "./support/berth-command.ts";
import { MAIN, SECOND } from "./support/declaration.ts";
import { describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";
import { startZot } from "./support/zot.ts";

const DENIED = "authentication required";

describeWith("zot", findProgram("zot"), "zot, which knows one key and checks no audience", (program) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ token: "pinned" });
  });
  afterAll(() => world.close());

  const start = async (certificatePem: string) => {
    const port = world.portOf(MAIN);
    return world.adopt(
      await startZot({ program, port, service: MAIN, berthUrl: world.berth.url, certificatePem }),
    );
  };

  describeWithClient("skopeo", () => {
    it("takes pushes and pulls, refuses what was not granted, and follows a key in two steps", async () => {
      const first = await start(await rotate(world));
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await builder.pull("acme/app")).toMatchObject({ code: 0 });
      expect(JSON.parse((await builder.listTags("acme/app")).stdout)).toMatchObject({ Tags: ["made"] });
      expect(await builder.push("beta/app")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(DENIED),
      });
      expect(await builder.delete("acme/app")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(DENIED),
      });
      expect(await (await world.clientsOf("acme+keeper")).delete("acme/app")).toMatchObject({ code: 0 });

      // The other registry's tokens are signed with a key of its own: the audience would not stop them here.
      const elsewhere = await world.login("acme+elsewhere");
      const ofSecond = await world.job.registryToken(elsewhere, SECOND, "repository:acme/app:pull");
      expect(await statusOf(world, ofSecond)).toBe(401);

      const published = await rotate(world);
      await first.stop();
      await start(published);
      expect(await builder.push("acme/app")).toMatchObject({ code: 1 });
      expect(
        await berthCommand(world.berth, "keys", "rotate", "pinned", "--registry", MAIN, "--activate"),
      ).toMatchObject({ code: 0, stderr: "" });
      await expect.poll(async () => (await builder.push("acme/app")).code, { timeout: 10_000 }).toBe(0);
    });
  });
});

/** Has Berth make MAIN's next key, and returns the certificate that it prints for the registry. */
async function rotate(world: World): Promise<string> {
  const { stdout } = await berthCommand(world.berth, "keys", "rotate", "pinned", "--registry", MAIN);
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(stdout)?.[0];
  if (pem === undefined) throw new Error(`no certificate in ${stdout}`);
  return pem;
}

async function statusOf(world: World, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${world.portOf(MAIN)}/v2/`, { headers })).status;
}
