import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ClientJob } from "../../../test/support/client-job.ts";
import type { ClientContext } from "../job-console.ts";
import { runCredentialHelper } from "./credential-helper.ts";
import { endCachedCredentials } from "./end-cached-credentials.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
  const setting = { server: job.world.url, robot: "acme+builder" };
  job.write(".docker/berth-helper.json", { version: 1, registries: { [job.names[0]]: setting } });
});
afterEach(() => job.close());

const cache = () => job.path(".cache", "berth");

/** One call of `docker-credential-berth get`. */
async function get(context: ClientContext = job.context()) {
  job.out.length = 0;
  job.type(job.names[0]);
  const code = await runCredentialHelper(context, "get", "1");
  return { code, out: [...job.out] };
}

async function secret(context?: ClientContext): Promise<string> {
  const { code, out } = await get(context);
  if (code !== 0) throw new Error(out.join("\n"));
  return (JSON.parse(out[0] ?? "") as { Secret: string }).Secret;
}

it("keeps what it has in files that only this user may read", async () => {
  await secret();
  expect(statSync(cache()).mode & 0o777).toBe(0o700);
  const [name = "", ...others] = readdirSync(cache());
  expect({ name, others }).toEqual({ name: expect.stringMatching(/^[0-9a-f]{32}\.json$/), others: [] });
  expect(statSync(join(cache(), name)).mode & 0o777).toBe(0o600);
});

it.each([
  {
    why: "is open to others",
    spoil: (file: string) => chmodSync(file, 0o644),
  },
  {
    why: "is a link to one",
    spoil: (file: string) => {
      renameSync(file, job.path("target.json"));
      symlinkSync(job.path("target.json"), file);
    },
  },
  { why: "is no JSON", spoil: (file: string) => job.write(file.slice(job.home.length + 1), "{") },
  {
    why: "is of another version",
    spoil: (file: string) => {
      const cached = JSON.parse(readFileSync(file, "utf8")) as object;
      job.write(file.slice(job.home.length + 1), { ...cached, version: 2 });
    },
  },
])("does not believe a cache that $why", async ({ spoil }) => {
  const first = await secret();
  const [name = ""] = readdirSync(cache());
  spoil(join(cache(), name));
  expect(await secret()).not.toBe(first);
});

it.each([
  { why: "open to others", make: (folder: string) => mkdirSync(folder, { recursive: true, mode: 0o777 }) },
  { why: "a link", make: (folder: string) => symlinkSync(job.home, folder) },
])("keeps nothing in a folder that is $why", async ({ make }) => {
  mkdirSync(job.path(".cache"));
  make(cache());
  chmodSync(cache(), 0o777);
  expect(await get()).toMatchObject({
    code: 1,
    out: [expect.stringContaining("(private_folder_foreign)")],
  });
  expect(job.exchanges).toBe(0);
});

it("keeps a job's credential in the job's own folder, and no other job's", async () => {
  const variables = { GITHUB_RUN_ID: "1", GITHUB_JOB: "a", RUNNER_TEMP: job.path("temp") };
  const first = await secret(job.context(variables));
  expect(await secret(job.context(variables))).toBe(first);
  expect(await secret(job.context({ ...variables, GITHUB_JOB: "b" }))).not.toBe(first);
  expect(readdirSync(job.path("temp")).filter((name) => name.startsWith("berth-helper-")).length).toBe(2);
});

it("ends what it has earned at the logout", async () => {
  const password = await secret();
  expect(await endCachedCredentials(job.context().environment)).toEqual([]);
  expect(await job.opens(password)).toBe(false);
  expect(readdirSync(cache())).toEqual([]);
});
