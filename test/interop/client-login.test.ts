import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type SimulatedActions, startGitHub } from "../support/ci-platforms/github.ts";
import type { ClientName } from "./support/clients.ts";
import { MAIN, SECOND } from "./support/declaration.ts";
import { JobMachine } from "./support/job-machine.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const CLIENTS: readonly ClientName[] = ["docker", "skopeo", "podman", "crane", "oras"];

describeDistributions("berth login, from its one file in an empty folder", (program) => {
  let world: World;
  let platform: SimulatedActions;
  let machine: JobMachine;
  let main: string;

  beforeAll(async () => {
    world = await startWorld();
    platform = await startGitHub(() => world.identityToken());
    await world.startRegistry(program);
    await world.startRegistry(program, { service: SECOND });
    main = `127.0.0.1:${world.portOf(MAIN)}`;
  });
  afterAll(async () => {
    await platform.close();
    await world.close();
  });
  beforeEach(() => {
    platform.endpoint.requests.length = 0;
    machine = new JobMachine(platform.variables);
  });
  afterEach(() => machine.close());

  const isAlive = (password = "") =>
    world.job.registryToken({ username: "acme+builder", password }, MAIN, "").then(
      () => true,
      () => false,
    );

  describeWithClient("skopeo", () => {
    for (const client of CLIENTS) {
      describeWithClient(client, () => {
        it("is all that it needs, and a logout ends it", async () => {
          const image = `${main}/acme/for-${client}:made`;
          expect((await machine.read(client, image)).code).not.toBe(0);
          expect(await machine.berth(["login", main, "--robot", "acme+builder"])).toMatchObject({
            code: 0,
            stdout: "",
          });
          const password = machine.password(main);
          expect(await isAlive(password)).toBe(true);
          expect(await machine.push(image)).toMatchObject({ code: 0, stderr: "" });
          expect(await machine.read(client, image)).toMatchObject({ code: 0 });
          expect(await machine.berth(["logout"])).toMatchObject({ code: 0, stdout: "" });
          expect((await machine.read(client, image)).code).not.toBe(0);
          expect(await isAlive(password)).toBe(false);
          expect(readdirSync(join(machine.home, ".docker"))).toEqual(["config.json"]);
          expect(JSON.parse(readFileSync(join(machine.home, ".docker", "config.json"), "utf8"))).toEqual({
            auths: {},
          });
        });
      });
    }

    it("may be narrowed to what a job needs", async () => {
      const image = `${main}/acme/narrowed:made`;
      await machine.berth(["login", main, "--robot", "acme+builder"]);
      await machine.push(image);
      const args = ["--scope", "repository:acme/narrowed:pull", "--ttl", "300"];
      await machine.berth(["login", main, "--robot", "acme+builder", ...args]);
      expect(await machine.read("skopeo", image)).toMatchObject({ code: 0 });
      expect((await machine.push(image.replace("made", "again"))).code).not.toBe(0);
      expect((await machine.read("skopeo", `${main}/acme/app:made`)).code).not.toBe(0);
    });
  });

  describeWithClient("docker", () => {
    it("is what docker login does with a printed credential", async () => {
      const printed = await machine.berth(["login", main, "--robot", "acme+builder", "--print-credential"]);
      const args = ["login", main, "-u", "acme+builder", "--password-stdin"];
      const run = await machine.run("docker", args, {}, printed.stdout);
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("Login Succeeded") });
    });
  });

  it("is good at every registry of the robot account", async () => {
    const second = `127.0.0.1:${world.portOf(SECOND)}`;
    expect(await machine.berth(["login", main, second, "--robot", "acme+builder"])).toMatchObject({
      code: 0,
    });
    expect(machine.password(second)).toBe(machine.password(main));
    expect(platform.requests.length).toBe(1);
  });
});
