import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { berthCommand } from "./support/berth-command.ts";
import { SECOND } from "./support/declaration.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import type { ServerProcess } from "./support/server-process.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistributions("what a credential allows", (program) => {
  let world: World;
  let registry: ServerProcess;

  beforeAll(async () => {
    world = await startWorld();
    registry = await world.startRegistry(program);
    await world.startRegistry(program, { service: SECOND });
  });
  afterAll(() => world.close());

  describe("login", () => {
    for (const client of ["docker", "skopeo", "podman", "oras"] as const) {
      describeWithClient(client, () => {
        it("succeeds", async () => {
          const run = await world.clients().login(client, await world.login("acme+reader"));
          expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("Login Succeeded") });
        });
      });
    }
  });

  describeWithClient("skopeo", () => {
    // attack 82
    it("pushes, lists tags and pulls", async () => {
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      const tags = await builder.listTags("acme/app");
      expect(JSON.parse(tags.stdout)).toMatchObject({ Tags: ["made"] });
      expect(await (await world.clientsOf("acme+reader")).pull("acme/app")).toMatchObject({ code: 0 });
    });

    it("mounts from another repository", async () => {
      const builder = await world.clientsOf("acme+builder");
      await builder.push("acme/source");
      expect(await builder.copy("acme/source", "acme/mounted")).toMatchObject({ code: 0 });
      expect(answersTo(registry, "POST /v2/acme/mounted/blobs/uploads/?from=acme%2Fsource")).toEqual([201]);
    });

    it("uploads where it may not mount: the registry token has what was granted and leaves out the rest", async () => {
      const beta = await world.login("beta+builder");
      await world.clients(beta).push("beta/source");
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.copy("beta/source", "acme/uploaded", beta)).toMatchObject({ code: 0 });
      expect(answersTo(registry, "HEAD /v2/beta/source/blobs/")).toContain(401);
      expect(answersTo(registry, "POST /v2/acme/uploaded/blobs/uploads/ ")).toEqual([202, 202]);
      expect(await builder.pull("acme/uploaded")).toMatchObject({ code: 0 });
    });

    it("deletes as an admin", async () => {
      const keeper = await world.clientsOf("acme+keeper");
      await keeper.push("acme/doomed");
      expect(await keeper.delete("acme/doomed")).toMatchObject({ code: 0 });
      expect(await keeper.pull("acme/doomed")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("manifest unknown"),
      });
    });

    it("pushes with a credential that was asked for as Quay has it", async () => {
      const login = await world.job.exchangeAsQuay("acme+builder", await world.identityToken());
      world.secrets.addPassword(login.password);
      expect(await world.clients(login).push("acme/as-quay")).toMatchObject({ code: 0, stderr: "" });
    });

    it("pushes with the robot's own token", async () => {
      const made = await berthCommand(world.berth, "robots", "token", "beta+builder");
      const password = made.stdout.trim();
      world.secrets.addPassword(password);
      const robot = world.clients({ username: "beta+builder", password });
      expect(await robot.push("beta/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await robot.push("acme/app")).toMatchObject({ code: 1 });
    });

    it("pushes to the second registry with a credential for it", async () => {
      const elsewhere = world.clients(await world.login("acme+elsewhere"), { service: SECOND });
      expect(await elsewhere.push("acme/app")).toMatchObject({ code: 0 });
    });

    describeWithClient("docker", () => {
      it("inspects a manifest", async () => {
        const builder = await world.clientsOf("acme+builder");
        await builder.push("acme/inspected");
        const run = await builder.dockerInspect("acme/inspected");
        expect(run).toMatchObject({ code: 0, stderr: "" });
        expect(JSON.parse(run.stdout)).toMatchObject({
          schemaVersion: 2,
          layers: [{ size: expect.any(Number) }],
        });
      });
    });

    describeWithClient("crane", () => {
      it("reads, pushes and lists the catalogue", async () => {
        const keeper = await world.clientsOf("acme+keeper");
        expect(await keeper.cranePush("acme/craned", "by-crane")).toMatchObject({ code: 0 });
        expect(await keeper.craneDigest("acme/craned", "by-crane")).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/^sha256:[0-9a-f]{64}\n$/),
        });
        const tags = JSON.parse((await keeper.listTags("acme/craned")).stdout) as { Tags: string[] };
        expect(tags.Tags).toEqual(["by-crane"]);
        const catalog = await keeper.craneCatalog();
        expect(catalog).toMatchObject({ code: 0, stderr: "" });
        expect(catalog.stdout.split("\n")).toContain("acme/craned");
      });
    });

    describeWithClient("oras", () => {
      it("reads, pushes and lists the catalogue", async () => {
        const keeper = await world.clientsOf("acme+keeper");
        await keeper.push("acme/orased");
        expect(await keeper.orasTag("acme/orased", "by-oras")).toMatchObject({ code: 0 });
        const tags = await keeper.orasTags("acme/orased");
        expect(tags.stdout.trim().split("\n").toSorted()).toEqual(["by-oras", "made"]);
        const catalog = await keeper.orasCatalog();
        expect(catalog).toMatchObject({ code: 0, stderr: "" });
        expect(catalog.stdout.split("\n")).toContain("acme/orased");
      });
    });
  });
});

/** The statuses of the registry's answers to requests that begin so, from its access log. */
function answersTo(registry: ServerProcess, request: string): readonly number[] {
  const lines = registry.output().split("\n");
  const logged = lines.filter((line) => line.includes(`"${request}`));
  return logged.map((line) => Number(/ HTTP\/1\.1" (\d+) /.exec(line)?.[1]));
}
