import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { Clients } from "../interop/support/clients.ts";
import { startDistribution } from "../interop/support/distribution.ts";
import { describeDistributions, describeWithClient, installedClients } from "../interop/support/programs.ts";
import type { ServerProcess } from "../interop/support/server-process.ts";
import { SERVICE } from "../support/baseline.ts";
import { credentialFor } from "../support/requests.ts";
import { applyBaseline, startWorkerWorld, type WorkerWorld } from "../support/worker-world.ts";

describeDistributions("a registry that trusts the Worker", (program) => {
  let world: WorkerWorld;
  let registry: ServerProcess;
  let host: string;

  beforeAll(async () => {
    world = await startWorkerWorld();
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    await applyBaseline(world, `http://${host}`);
    const caPem = await (await world.app.request("/keys/ca.pem")).text();
    registry = await startDistribution({
      program,
      port,
      service: SERVICE,
      berthUrl: world.url,
      trust: { caPem },
    });
  });
  afterAll(async () => {
    await registry.stop();
    await world.close();
  });

  describeWithClient("skopeo", () => {
    it("takes a push of a job's credential, to what it grants and to nothing else", async () => {
      const password = await credentialFor(world.app, await world.issuer.sign({ aud: world.url }));
      const clients = new Clients({ host }, installedClients);
      clients.use({ username: "acme+builder", password });
      expect(await clients.push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await clients.pull("acme/app")).toMatchObject({ code: 0 });
      expect((await clients.push("acme/other")).code).not.toBe(0);
      clients.close();
    });
  });
});
