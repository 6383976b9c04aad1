import { devNull } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistributions("TLS everywhere, under a private CA", (program) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ tls: true });
    await world.startRegistry(program);
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
    it("pushes and pulls", async () => {
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await builder.pull("acme/app")).toMatchObject({ code: 0 });
    });

    it("does not trust a server without its CA", async () => {
      const builder = world.clients(await world.login("acme+builder"), { caFile: devNull });
      expect(await builder.pull("acme/app")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("certificate signed by unknown authority"),
      });
    });

    for (const client of ["docker", "crane", "oras"] as const) {
      describeWithClient(client, () => {
        it(`${client} reads`, async () => {
          const builder = await world.clientsOf("acme+builder");
          await builder.push("acme/read");
          const read = {
            docker: () => builder.dockerInspect("acme/read"),
            crane: () => builder.craneDigest("acme/read"),
            oras: () => builder.orasTags("acme/read"),
          };
          expect(await read[client]()).toMatchObject({ code: 0, stderr: "" });
        });
      });
    }
  });
});
