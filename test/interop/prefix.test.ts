import { afterAll, beforeAll, expect, it } from "vitest";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistributions("a Berth under a path of its host", (program) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ pathPrefix: "/platform/berth" });
    await world.startRegistry(program);
  });
  afterAll(() => world.close());

  describeWithClient("skopeo", () => {
    it("is found by skopeo", async () => {
      const builder = await world.clientsOf("acme+builder");
      expect(await builder.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await builder.pull("acme/app")).toMatchObject({ code: 0 });
    });

    describeWithClient("docker", () => {
      it("is found by docker", async () => {
        const login = await world.login("acme+builder");
        const builder = world.clients(login);
        expect(await builder.login("docker", login)).toMatchObject({ code: 0 });
        await builder.push("acme/inspected");
        expect(await builder.dockerInspect("acme/inspected")).toMatchObject({ code: 0, stderr: "" });
      });
    });
  });
});
