import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type SimulatedActions, startGitHub } from "../support/ci-platforms/github.ts";
import { findProgram } from "../support/find-server.ts";
import type { Login } from "./support/clients.ts";
import { MAIN, SECOND } from "./support/declaration.ts";
import { GithubRunner, type Step } from "./support/github-runner.ts";
import { LAYOUT_TAG, writeImageLayout } from "./support/image-layout.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

describeDistributions("the GitHub action", (program) => {
  let world: World;
  let platform: SimulatedActions;
  let runner: GithubRunner;

  beforeAll(async () => {
    world = await startWorld();
    platform = await startGitHub(() => world.identityToken());
    await world.startRegistry(program);
    await world.startRegistry(program, { service: SECOND });
  });
  afterAll(async () => {
    await platform.close();
    await world.close();
  });
  beforeEach(() => {
    runner = new GithubRunner(platform.variables);
  });
  afterEach(() => runner.close());

  const inputs = (change: Readonly<Record<string, string>> = {}) => ({
    registry: `127.0.0.1:${world.portOf(MAIN)}`,
    robot: "acme+builder",
    "if-no-identity": "fail",
    ...change,
  });

  /** The login that a step has filed, which is watched from now on. */
  function loginOf(step: Step, service = MAIN): Login {
    const file = join(step.outputs["docker-config"] ?? "", "config.json");
    const { auths } = JSON.parse(readFileSync(file, "utf8")) as { auths: Record<string, { auth: string }> };
    const { auth = "" } = auths[`127.0.0.1:${world.portOf(service)}`] ?? {};
    const [username = "", password = ""] = Buffer.from(auth, "base64").toString().split(":");
    world.secrets.addPassword(password);
    return { username, password };
  }

  const isAlive = (login: Login, service = MAIN) =>
    world.job.registryToken(login, service, "").then(
      () => true,
      () => false,
    );

  const push = (repository: string, service = MAIN) =>
    runner.program(
      findProgram("skopeo") ?? "skopeo",
      ...["--insecure-policy", "copy", "--dest-tls-verify=false"],
      `oci:${writeImageLayout(runner.folder, repository)}:${LAYOUT_TAG}`,
      `docker://127.0.0.1:${world.portOf(service)}/${repository}:made`,
    );

  describeWithClient("skopeo", () => {
    it("logs in, lets the next step push, and leaves nothing alive", async () => {
      const main = await runner.main(inputs());
      expect(main).toMatchObject({ code: 0, stderr: "" });
      const login = loginOf(main);
      expect(await push("acme/app")).toMatchObject({ code: 0, stderr: "" });
      expect(await isAlive(login)).toBe(true);
      const post = await runner.post(inputs(), main);
      expect(post).toMatchObject({
        code: 0,
        shown: expect.stringMatching(/^Logged out of 127\.0\.0\.1:\d+; its credential is revoked\.\n/),
      });
      expect(await isAlive(login)).toBe(false);
      expect(readdirSync(join(runner.folder, "temp"))).toEqual([]);
    });

    it("revokes in a job that has failed, too", async () => {
      const main = await runner.main(inputs());
      const login = loginOf(main);
      expect(await push("beta/app")).toMatchObject({ code: 1 });
      expect(await runner.post(inputs(), main)).toMatchObject({ code: 0 });
      expect(await isAlive(login)).toBe(false);
    });

    it("asks for what `scope` and `ttl` say", async () => {
      const main = await runner.main(inputs({ scope: "repository:acme/app:pull", ttl: "300" }));
      const seconds = (Date.parse(main.outputs["expires-at"] ?? "") - Date.now()) / 1000;
      expect(seconds).toBeGreaterThan(240);
      expect(seconds).toBeLessThanOrEqual(300);
      expect(await push("acme/app")).toMatchObject({ code: 1 });
      await runner.post(inputs(), main);
    });

    it("two steps share one configuration, and each takes back its own login", async () => {
      const second = inputs({
        registry: `127.0.0.1:${world.portOf(SECOND)}`,
        robot: "acme+elsewhere",
      });
      const [one, two] = [await runner.main(inputs()), await runner.main(second)];
      expect(two.outputs["docker-config"]).toBe(one.outputs["docker-config"]);
      const [first, other] = [loginOf(one), loginOf(two, SECOND)];
      expect(await push("acme/app", SECOND)).toMatchObject({ code: 0 });
      // The runner's order: the last step's first.
      await runner.post(second, two);
      expect([await isAlive(first), await isAlive(other, SECOND)]).toEqual([true, false]);
      await runner.post(inputs(), one);
      expect(await isAlive(first)).toBe(false);
      expect(existsSync(one.outputs["docker-config"] ?? "")).toBe(false);
    });
  });

  it("hands out its outputs, and files that nobody else can read", async () => {
    const main = await runner.main(inputs());
    loginOf(main);
    const folder = main.outputs["docker-config"] ?? "";
    expect(main.outputs).toEqual({
      username: "acme+builder",
      "expires-at": expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
      "docker-config": folder,
      server: world.berth.url,
    });
    expect(runner.env).toEqual({ DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: join(folder, "config.json") });
    const open = ["", ...readdirSync(folder)].filter((name) => statSync(join(folder, name)).mode & 0o077);
    expect(open).toEqual([]);
    await runner.post(inputs(), main);
  });

  it("asks the platform once, for this server's audience", async () => {
    const before = platform.requests.length;
    const main = await runner.main(inputs({ server: world.berth.url }));
    expect(platform.requests.slice(before).map(({ url }) => url)).toEqual([
      `/idtoken?api-version=2.0&audience=${encodeURIComponent(world.berth.url)}`,
    ]);
    await runner.post(inputs(), main);
  });

  it("masks the credential and its form in the file before any other line, and shows it nowhere", async () => {
    const main = await runner.main(inputs());
    const { username, password } = loginOf(main);
    expect(main.stdout.split("\n").slice(0, 2)).toEqual([
      `::add-mask::${password}`,
      `::add-mask::${btoa(`${username}:${password}`)}`,
    ]);
    const handed = [main.shown, ...Object.values(main.state), ...Object.values(main.outputs)].join("\n");
    expect(world.secrets.foundIn(handed)).toEqual([]);
    expect(main.state).toEqual({ registries: inputs().registry });
    await runner.post(inputs(), main);
  });

  it.each([
    ["the permission is missing", {}, "github_permission_missing"],
    ["the robot is unknown", { robot: "acme+nobody" }, "no_match"],
    ["the robot has no robot's name", { robot: "builder" }, "robot_malformed"],
  ])("fails and says why when %s", async (_name, change, code) => {
    if (code === "github_permission_missing") runner = withoutPermission(runner);
    const main = await runner.main(inputs(change));
    const told = main.shown.trim().split("\n");
    expect(main).toMatchObject({ code: 1, outputs: {} });
    expect(told).toEqual([expect.stringMatching(new RegExp(`^::error title=Berth%3A ${code}::`))]);
    expect(told[0]).toMatch(new RegExp(`%0AMore: docs/troubleshooting.md#${code}$`));
    expect(await runner.post(inputs(), main)).toMatchObject({ code: 0, shown: "\n\n" });
  });

  it("goes on without a login where the workflow says so, and only where there is no identity", async () => {
    runner = withoutPermission(runner);
    const skip = inputs({ "if-no-identity": "skip" });
    const main = await runner.main(skip);
    expect(main).toMatchObject({
      code: 0,
      outputs: {},
      shown: expect.stringMatching(/^::notice title=Berth%3A no login::/),
    });
    expect(runner.env).toEqual({});
    expect(await runner.post(skip, main)).toMatchObject({ code: 0, shown: "\n\n" });
  });

  it("fails for a refusal also where it may skip", async () => {
    const main = await runner.main(inputs({ robot: "acme+nobody", "if-no-identity": "skip" }));
    expect(main.code).toBe(1);
  });

  it("a post step without a main step does nothing", async () => {
    expect(await runner.post(inputs(), { state: {} })).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });
});

/** The same job without `permissions: id-token: write`. */
function withoutPermission(runner: GithubRunner): GithubRunner {
  runner.close();
  return new GithubRunner({ GITHUB_REPOSITORY: "acme/app" });
}
