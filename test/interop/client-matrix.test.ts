import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type SimulatedActions, startGitHub } from "../support/ci-platforms/github.ts";
import { MAIN } from "./support/declaration.ts";
import { exportsIn, JobMachine } from "./support/job-machine.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const JOBS = 60;

describeDistributions("many jobs on one machine", (program) => {
  let world: World;
  let platform: SimulatedActions;
  let machine: JobMachine;
  let main: string;

  beforeAll(async () => {
    world = await startWorld();
    platform = await startGitHub(() => world.identityToken());
    await world.startRegistry(program);
    main = `127.0.0.1:${world.portOf(MAIN)}`;
  });
  afterAll(async () => {
    await platform.close();
    await world.close();
  });
  beforeEach(() => {
    machine = new JobMachine({
      ...platform.variables,
      RUNNER_ENVIRONMENT: "self-hosted",
      GITHUB_RUN_ID: "1",
    });
  });
  afterEach(() => machine.close());

  const isAlive = (password = "") =>
    world.job.registryToken({ username: "acme+builder", password }, MAIN, "").then(
      () => true,
      () => false,
    );
  const login = (job: string) =>
    machine.berth(["login", main, "--robot", "acme+builder"], { GITHUB_JOB: job });

  describeWithClient("skopeo", () => {
    it("each have their own login, which another's logout does not end", async () => {
      const [one, two] = await Promise.all([login("one"), login("two")]);
      const [first, second] = [exportsIn(one), exportsIn(two)];
      expect(first.DOCKER_CONFIG).not.toBe(second.DOCKER_CONFIG);
      const pushes = [
        machine.push(`${main}/acme/one:made`, first),
        machine.push(`${main}/acme/two:made`, second),
      ];
      expect((await Promise.all(pushes)).map(({ code }) => code)).toEqual([0, 0]);
      expect(await machine.berth(["logout"], { GITHUB_JOB: "one", ...first })).toMatchObject({ code: 0 });
      expect((await machine.push(`${main}/acme/one:again`, first)).code).not.toBe(0);
      expect(await machine.push(`${main}/acme/two:again`, second)).toMatchObject({ code: 0 });
      // Its variables are lost, as between the shells of one GitLab job.
      expect(await machine.berth(["logout"], { GITHUB_JOB: "two" })).toMatchObject({ code: 0 });
      expect(existsSync(second.DOCKER_CONFIG ?? "")).toBe(false);
      expect(readdirSync(machine.home)).toEqual([]);
    });
  });

  it(`are ${JOBS} at once with one robot account, and leave nothing`, async () => {
    const names = Array.from({ length: JOBS }, (_, at) => `matrix-${at}`);
    const runs = await Promise.all(names.map(login));
    expect(runs.map(({ code }) => code)).toEqual(Array(JOBS).fill(0));
    const folders = runs.map((run) => exportsIn(run).DOCKER_CONFIG ?? "");
    const passwords = folders.map((folder) => machine.password(main, folder));
    expect(new Set(passwords).size).toBe(JOBS);
    expect(await Promise.all(passwords.map(isAlive))).toEqual(Array(JOBS).fill(true));
    const logouts = await Promise.all(names.map((name) => machine.berth(["logout"], { GITHUB_JOB: name })));
    expect(logouts.map(({ code }) => code)).toEqual(Array(JOBS).fill(0));
    expect(await Promise.all(passwords.map(isAlive))).toEqual(Array(JOBS).fill(false));
    expect(readdirSync(join(machine.folder, "tmp"))).toEqual([]);
  });
});
