import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { readHelperSettings } from "./helper/helper-settings.ts";
import { type LoginRequest, login } from "./login.ts";
import { logout } from "./logout.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
});
afterEach(() => job.close());

const SHARED = {
  RUNNER_ENVIRONMENT: "self-hosted",
  RUNNER_NAME: "runner-1",
  GITHUB_RUN_ID: "1",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_JOB: "push",
};

/** Logs in on a machine that other jobs share, and gives the folder. */
async function logIn(
  variables: Record<string, string | undefined> = SHARED,
  change: Partial<LoginRequest> = {},
) {
  const request = { robot: "acme+builder", scopes: [], registries: [job.names[0]], ...change };
  const done = await login(job.context(variables), request);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.folder;
}

const configOf = (folder: string) => join(folder, "config.json");

describe("a login on a machine that other jobs share", () => {
  it("is filed in a configuration of the job's own, which only it may enter", async () => {
    const folder = await logIn();
    expect(dirname(folder)).toBe(job.path("tmp"));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(await job.opens(job.password(job.names[0], configOf(folder)))).toBe(true);
    expect(job.config()).toBe(undefined);
    expect(existsSync(job.path(".docker"))).toBe(false);
  });

  it("keeps plugins, contexts, builders and the user's other logins", async () => {
    const [registry] = job.names;
    const mine = {
      auths: { "other.example": { auth: "b3RoZXI6eA==" } },
      currentContext: "remote",
      credsStore: "desktop",
      credHelpers: { [registry]: "berth", "third.example": "third" },
    };
    const text = readFileSync(job.write(".docker/config.json", mine), "utf8");
    for (const name of ["cli-plugins/docker-buildx", "contexts/meta/x", "buildx/current"]) {
      job.write(`.docker/${name}`, name);
    }
    const folder = await logIn();
    expect(readFileSync(join(folder, "cli-plugins/docker-buildx"), "utf8")).toBe("cli-plugins/docker-buildx");
    expect(readdirSync(folder).filter((name) => lstatSync(join(folder, name)).isSymbolicLink())).toEqual([
      "buildx",
      "cli-plugins",
      "contexts",
    ]);
    // Neither a store nor a helper hides the login.
    expect(job.config(configOf(folder))).toEqual({
      auths: { ...mine.auths, [registry]: { auth: expect.any(String) } },
      currentContext: "remote",
      credHelpers: { "third.example": "third" },
    });
    expect(readFileSync(job.path(".docker", "config.json"), "utf8")).toBe(text);
  });

  it("takes along what the credential helper answers for", async () => {
    const registries = { "third.example": { robot: "acme+builder", server: "https://berth.example.com" } };
    job.write(".docker/berth-helper.json", { version: 1, registries });
    const folder = await logIn();
    expect(await readHelperSettings(folder)).toEqual(registries);
  });

  // A branch's name, say, may have got into a variable.
  it("begins no command of Azure's with what a variable held before", async () => {
    const DOCKER_CONFIG = job.path("a\n##vso[task.prependpath]/x");
    const variables = { TF_BUILD: "True", DOCKER_CONFIG };
    const folder = await logIn(variables, { isPrivate: true });
    await logout(job.context({ ...variables, DOCKER_CONFIG: folder }), []);
    expect(job.notes.at(-2)).toBe(
      `##vso[task.setvariable variable=DOCKER_CONFIG]${DOCKER_CONFIG.replace("\n", "%0A")}`,
    );
  });

  it("sets the variables for what follows, by the shell and by GitHub's file", async () => {
    const file = job.write("github-env", "");
    const folder = await logIn({ ...SHARED, GITHUB_ENV: file });
    expect(job.out).toEqual([
      `export DOCKER_CONFIG='${folder}'`,
      `export REGISTRY_AUTH_FILE='${folder}/config.json'`,
    ]);
    const written = readFileSync(file, "utf8");
    expect(written).toMatch(
      new RegExp(
        `^DOCKER_CONFIG<<(berth-[0-9a-f]{32})\n${folder}\n\\1\nREGISTRY_AUTH_FILE<<(berth-[0-9a-f]{32})\n`,
      ),
    );
  });

  it("is the same for each step of a job, and another for another job", async () => {
    const first = await logIn();
    expect(await logIn()).toBe(first);
    expect(await logIn({ ...SHARED, DOCKER_CONFIG: first }, { isPrivate: true })).toBe(first);
    expect(await logIn({ ...SHARED, GITHUB_JOB: "test" })).not.toBe(first);
  });

  it.each([
    { why: "the job has chosen a folder itself", variables: { ...SHARED, DOCKER_CONFIG: "own" }, change: {} },
    { why: "it is told not to", variables: SHARED, change: { isPrivate: false } },
    {
      why: "GitHub says that the machine is the job's",
      variables: { RUNNER_ENVIRONMENT: "github-hosted" },
      change: {},
    },
  ])("is filed in the user's configuration where $why", async ({ variables, change }) => {
    const { DOCKER_CONFIG } = { DOCKER_CONFIG: undefined, ...variables };
    const chosen = DOCKER_CONFIG && job.path(DOCKER_CONFIG);
    const folder = await logIn({ ...variables, DOCKER_CONFIG: chosen }, change);
    expect(folder).toBe(chosen ?? job.path(".docker"));
    expect(job.out).toEqual([]);
  });

  it.each([
    { why: "open to others", make: (folder: string) => mkdirSync(folder, { mode: 0o755 }) },
    { why: "a link", make: (folder: string) => symlinkSync(job.home, folder) },
    { why: "a file", make: (folder: string) => job.write(folder.slice(job.home.length + 1), "") },
  ])("is refused where somebody made the folder first: it is $why", async ({ make }) => {
    const folder = await logIn();
    await logout(job.context(SHARED), []);
    make(folder);
    const request = { robot: "acme+builder", scopes: [], registries: [job.names[0]] };
    const done = await login(job.context(SHARED), request);
    expect(done).toMatchObject({ ok: false, error: { code: "private_folder_foreign" } });
    expect(job.exchanges).toBe(1);
  });
});

describe("its logout", () => {
  it("removes the folder, and of what is linked the links alone", async () => {
    job.write(".docker/cli-plugins/docker-buildx", "kept");
    const folder = await logIn();
    const password = job.password(job.names[0], configOf(folder));
    job.out.length = 0;
    await logout(job.context({ ...SHARED, DOCKER_CONFIG: folder }), []);
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(job.path(".docker/cli-plugins/docker-buildx"), "utf8")).toBe("kept");
    expect(await job.opens(password)).toBe(false);
    expect(job.out).toEqual(["unset DOCKER_CONFIG", "unset REGISTRY_AUTH_FILE"]);
  });

  it("gives back the variables that were there", async () => {
    const folder = await logIn({ ...SHARED, DOCKER_CONFIG: job.path("it's own") }, { isPrivate: true });
    job.out.length = 0;
    await logout(job.context({ ...SHARED, DOCKER_CONFIG: folder }), []);
    expect(job.out).toEqual([
      `export DOCKER_CONFIG='${job.path("it'\\''s own")}'`,
      "unset REGISTRY_AUTH_FILE",
    ]);
  });

  // GitLab runs after_script in a shell of its own, which has no variables of the script's.
  it("finds the folder in a shell that has lost the variables", async () => {
    const folder = await logIn();
    await logout(job.context(SHARED), []);
    expect(existsSync(folder)).toBe(false);
  });

  it("keeps the folder while another registry's login is in it", async () => {
    const folder = await logIn(SHARED, { registries: job.names });
    await logout(job.context(SHARED), [job.names[0]]);
    expect(job.password(job.names[0], configOf(folder))).toBe(undefined);
    expect(await job.opens(job.password(job.names[1], configOf(folder)))).toBe(true);
  });
});
