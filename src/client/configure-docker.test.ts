import { chmodSync, readdirSync, statSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { configureDocker, unconfigureDocker } from "./configure-docker.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
  chmodSync(job.write("bin/docker-credential-berth", "#!/bin/sh\n", 0o700), 0o700);
});
afterEach(() => job.close());

const configure = (registries: readonly string[], variables: Record<string, string> = {}) =>
  configureDocker(
    job.context(variables).environment,
    registries,
    { robot: "acme+builder" },
    "/opt/berth.mjs",
  );
const settings = () => job.config(job.path(".docker", "berth-helper.json"));

it("names the helper in Docker's configuration, and what it asks for beside it", async () => {
  job.write(".docker/config.json", { auths: {}, credHelpers: { "other.example": "other" } });
  expect((await configure(job.names)).ok).toBe(true);
  const [one, two] = job.names;
  expect(job.config()).toEqual({
    auths: {},
    credHelpers: { "other.example": "other", [one]: "berth", [two]: "berth" },
  });
  const setting = { robot: "acme+builder", server: job.world.url };
  expect(settings()).toEqual({ version: 1, registries: { [one]: setting, [two]: setting } });
  expect(statSync(job.path(".docker", "berth-helper.json")).mode & 0o777).toBe(0o600);
});

it("is undone for one registry, and then for the last", async () => {
  const [one, two] = job.names;
  await configure([one, two]);
  const { environment } = job.context();
  await unconfigureDocker(environment, [one]);
  expect(job.config()).toEqual({ credHelpers: { [two]: "berth" } });
  await unconfigureDocker(environment, [two]);
  expect(job.config()).toEqual({ credHelpers: {} });
  expect(readdirSync(job.path(".docker"))).toEqual(["config.json"]);
});

it("leaves another helper in its place", async () => {
  job.write(".docker/config.json", { credHelpers: { [job.names[0]]: "other" } });
  await unconfigureDocker(job.context().environment, [job.names[0]]);
  expect(job.config()).toEqual({ credHelpers: { [job.names[0]]: "other" } });
});

it.each([
  { why: "not there", spoil: () => ({ PATH: "/nowhere" }) },
  {
    why: "no program",
    spoil: () => {
      chmodSync(job.path("bin", "docker-credential-berth"), 0o600);
      return { PATH: job.path("bin") };
    },
  },
])("changes nothing where the helper is $why, and says how to put it there", async ({ spoil }) => {
  expect(await configure([job.names[0]], spoil())).toMatchObject({
    error: { code: "helper_not_on_path", mend: expect.stringContaining("ln -s /opt/berth.mjs ") },
  });
  expect(job.config()).toBe(undefined);
});
