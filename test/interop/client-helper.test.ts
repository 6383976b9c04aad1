import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { type SimulatedActions, startGitHub } from "../support/ci-platforms/github.ts";
import { json } from "../support/ci-platforms/token-endpoint.ts";
import type { ClientName } from "./support/clients.ts";
import { MAIN } from "./support/declaration.ts";
import { expireCredential } from "./support/expired-credential.ts";
import { JobMachine } from "./support/job-machine.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const CLIENTS: readonly ClientName[] = ["docker", "skopeo", "podman", "crane", "oras"];
/** What the client shows of a helper that fails: docker its standard error, the others its standard output. */
const SHOWS_THE_FAILURE: readonly ClientName[] = ["docker", "skopeo", "crane", "oras"];

describeDistributions("the credential helper", (program) => {
  let world: World;
  let platform: SimulatedActions;
  let machine: JobMachine;
  let main: string;
  let image: string;

  beforeAll(async () => {
    world = await startWorld();
    platform = await startGitHub((audience) => world.identityToken(audience));
    await world.startRegistry(program);
    main = `127.0.0.1:${world.portOf(MAIN)}`;
    image = `${main}/acme/helped:made`;
  });
  afterAll(async () => {
    await platform.close();
    await world.close();
  });
  beforeEach(async () => {
    machine = new JobMachine(platform.variables);
    const configured = await machine.berth(["configure-docker", main, "--robot", "acme+builder"]);
    expect(configured).toMatchObject({ code: 0, stdout: "" });
    platform.endpoint.requests.length = 0;
  });
  afterEach(() => machine.close());

  const cacheFile = () => {
    const folder = join(machine.home, ".cache", "berth");
    return join(folder, readdirSync(folder)[0] ?? "");
  };

  /** As after an hour: the cached credential is over, here and at Berth. */
  async function expire(): Promise<void> {
    const { credential, ...rest } = JSON.parse(readFileSync(cacheFile(), "utf8")) as {
      credential: { password: string };
    };
    await expireCredential(world.berth.folder, credential.password);
    const now = Math.floor(Date.now() / 1000);
    const over = { ...credential, mintedAt: now - 3600, expiresAt: now };
    writeFileSync(cacheFile(), JSON.stringify({ ...rest, credential: over }));
  }

  /** Has the helper ask another Berth. */
  function askServer(server: string): void {
    const file = join(machine.home, ".docker", "berth-helper.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(world.berth.url, server));
  }

  describeWithClient("skopeo", () => {
    for (const client of CLIENTS) {
      describeWithClient(client, () => {
        it("is all that it needs: cold, warm, and when the credential is over", async () => {
          expect(await machine.push(image)).toMatchObject({ code: 0, stderr: "" });
          await machine.berth(["logout"]);
          platform.endpoint.requests.length = 0;
          expect(await machine.read(client, image)).toMatchObject({ code: 0 });
          expect(platform.requests.length).toBe(1);
          expect(await machine.read(client, image)).toMatchObject({ code: 0 });
          expect(platform.requests.length).toBe(1);
          await expire();
          expect(await machine.read(client, image)).toMatchObject({ code: 0 });
          expect(platform.requests.length).toBe(2);
          expect(JSON.parse(readFileSync(join(machine.home, ".docker", "config.json"), "utf8"))).toEqual({
            credHelpers: { [main]: "berth" },
          });
        });

        it("says why it has nothing: the platform refuses", async () => {
          platform.endpoint.faults.push(...Array(20).fill(json(403, { message: "no" })));
          const run = await machine.read(client, image);
          platform.endpoint.faults.length = 0;
          expect(run.code).not.toBe(0);
          if (SHOWS_THE_FAILURE.includes(client)) {
            expect(run.stdout + run.stderr).toContain("GitHub Actions gave no identity token");
          }
        });
      });
    }

    for (const client of ["docker", "skopeo"] as const) {
      describeWithClient(client, () => {
        it("says why it has nothing: Berth is down", async () => {
          askServer(`http://127.0.0.1:${await freePort()}`);
          const run = await machine.read(client, image);
          expect(run.code).not.toBe(0);
          expect(run.stdout + run.stderr).toContain("(server_unreachable)");
        });
      });
    }
  });

  it("exchanges once for twenty clients at once", async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => machine.helperGet(main)));
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(20).fill({ code: 0, stderr: "" }),
    );
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(platform.requests.length).toBe(1);
  });

  describeWithClient("docker", () => {
    it("lets docker login and docker logout pass", async () => {
      const printed = await machine.berth(["login", main, "--robot", "acme+builder", "--print-credential"]);
      const args = ["login", main, "-u", "acme+builder", "--password-stdin"];
      expect(await machine.run("docker", args, {}, printed.stdout)).toMatchObject({ code: 0 });
      expect(await machine.run("docker", ["logout", main])).toMatchObject({ code: 0 });
    });
  });
});
