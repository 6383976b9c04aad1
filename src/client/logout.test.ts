import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
});
afterEach(() => job.close());

type Variables = Record<string, string | undefined>;

async function logIn(variables: Variables = {}, registries: readonly string[] = [job.names[0]]) {
  const done = await login(job.context(variables), { robot: "acme+builder", scopes: [], registries });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return job.password(registries[0] ?? "");
}

async function logOut(variables: Variables = {}, registries: readonly string[] = []) {
  const done = await logout(job.context(variables), registries);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

it("ends the credential, and takes out its own entry and its records", async () => {
  const other = { auth: "b3RoZXI6eA==" };
  job.write(".docker/config.json", { auths: { "other.example": other }, psFormat: "x" });
  const password = await logIn();
  expect(await logOut()).toEqual({ keys: [job.names[0]], problems: [] });
  expect(await job.opens(password)).toBe(false);
  expect(job.config()).toEqual({ auths: { "other.example": other }, psFormat: "x" });
  expect(readdirSync(job.path(".docker"))).toEqual(["config.json"]);
});

it("does nothing where there is nothing, and nothing the second time", async () => {
  expect(await logOut()).toEqual({ keys: [], problems: [] });
  await logIn();
  await logOut();
  const asked = job.world.asked.length;
  expect(await logOut()).toEqual({ keys: [], problems: [] });
  expect(job.world.asked.length).toBe(asked);
});

it("leaves an entry alone that has become somebody else's", async () => {
  const password = await logIn();
  const [registry] = job.names;
  job.write(".docker/config.json", { auths: { [registry]: { auth: "cGVyc29uOng=" } } });
  await logOut();
  expect(job.password(registry)).toBe("x");
  // Nobody here has it any more: it ends by its time.
  expect(await job.opens(password)).toBe(true);
});

it("leaves another job's login alone", async () => {
  const ids = { GITHUB_RUN_ID: "1", GITHUB_JOB: "a" };
  const password = await logIn(ids);
  expect(await logOut({ ...ids, GITHUB_JOB: "b" })).toEqual({ keys: [], problems: [] });
  expect(await job.opens(password)).toBe(true);
  expect(await logOut(ids)).toEqual({ keys: [job.names[0]], problems: [] });
});

it("ends one registry's login, and the credential with the last of them", async () => {
  const [one, two] = job.names;
  const password = await logIn({}, [one, two]);
  await logOut({}, [one]);
  expect(job.password(one)).toBe(undefined);
  expect(await job.opens(password)).toBe(true);
  await logOut({}, [two]);
  expect(await job.opens(password)).toBe(false);
});

it("does not ask Berth about a credential that is over", async () => {
  await logIn();
  job.clock.advance(3_601_000);
  const asked = job.world.asked.length;
  await logOut();
  expect(job.world.asked.length).toBe(asked);
  expect(job.password(job.names[0])).toBe(undefined);
});

it("takes the entry out even where Berth does not answer, and says until when the credential lives", async () => {
  await logIn();
  const ends = new Date((job.clock.seconds() + 3600) * 1000).toISOString();
  job.world.berth.breakStore();
  const { keys, problems } = await logOut();
  expect(keys).toEqual([job.names[0]]);
  expect(problems).toMatchObject([{ code: "revocation_failed", mend: expect.stringContaining(ends) }]);
  expect(job.password(job.names[0])).toBe(undefined);
});

it("takes its entry out of containers' file, too", async () => {
  const variables = { REGISTRY_AUTH_FILE: job.path("auth.json") };
  await logIn(variables);
  await logOut(variables);
  expect(job.config(variables.REGISTRY_AUTH_FILE)).toEqual({ auths: {} });
});

it("leaves a file alone that has become none of logins, and says so", async () => {
  await logIn();
  const file = job.write(".docker/config.json", "{");
  const { problems } = await logOut();
  expect(problems).toMatchObject([{ code: "auth_file_malformed" }]);
  expect(readFileSync(file, "utf8")).toBe("{");
});

it("refuses what is no registry's name, and ends nothing", async () => {
  const password = await logIn();
  expect(await logout(job.context(), ["https://x/y"])).toMatchObject({
    error: { code: "registry_malformed" },
  });
  expect(await job.opens(password)).toBe(true);
});
