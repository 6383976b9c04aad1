import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { berthChallenge, startFakeRegistry } from "../../test/support/fake-registry.ts";
import type { ClientProblem } from "./client-problem.ts";
import { hashOf } from "./exchange-id.ts";
import type { ClientContext } from "./job-console.ts";
import { type LoggedIn, type LoginRequest, login } from "./login.ts";
import { readLoginRecords } from "./login-records.ts";

let job: ClientJob;
afterEach(() => job.close());

const ROBOT = { robot: "acme+builder", scopes: [] };

async function logIn(context: ClientContext, change: Partial<LoginRequest> = {}): Promise<LoggedIn> {
  const done = await login(context, { ...ROBOT, registries: [job.names[0]], ...change });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

async function problemOf(context: ClientContext, change: Partial<LoginRequest> = {}): Promise<ClientProblem> {
  const done = await login(context, { ...ROBOT, registries: [job.names[0]], ...change });
  if (done.ok) throw new Error("it logged in");
  return done.error;
}

describe("a job of GitHub Actions", () => {
  beforeEach(async () => {
    job = await ClientJob.onGitHub();
  });

  it("gets a credential that opens the registry, in a file that only it may read", async () => {
    const [registry] = job.names;
    const { logins, folder } = await logIn(job.context());
    expect(logins).toMatchObject([
      { key: registry, robot: "acme+builder", server: job.world.url, expiresAt: job.clock.seconds() + 3600 },
    ]);
    expect(folder).toBe(job.path(".docker"));
    expect(await job.opens(job.password(registry))).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(["berth-logins.json", "config.json"]);
    for (const name of readdirSync(folder)) expect(statSync(`${folder}/${name}`).mode & 0o777).toBe(0o600);
  });

  it("keeps all else that the file says, and the link that it is; nobody else may read it from then on", async () => {
    const before = {
      auths: { "other.example": { auth: "b3RoZXI=" } },
      HttpHeaders: { a: "b" },
      psFormat: "x",
    };
    job.write("elsewhere/config.json", before, 0o644);
    job.write(".docker/keep", "");
    symlinkSync(job.path("elsewhere", "config.json"), job.path(".docker", "config.json"));
    await logIn(job.context());
    const { auths, ...others } = job.config() ?? {};
    expect(others).toEqual({ HttpHeaders: { a: "b" }, psFormat: "x" });
    expect(auths).toEqual({ ...before.auths, [job.names[0]]: { auth: expect.any(String) } });
    expect(statSync(job.path("elsewhere", "config.json")).mode & 0o777).toBe(0o600);
  });

  it("asks for what it wants, and no more", async () => {
    const scopes = ["repository:acme/app:pull"];
    const { logins } = await logIn(job.context(), { scopes, ttl: 600 });
    expect(logins).toMatchObject([{ scope: scopes[0], expiresAt: job.clock.seconds() + 600 }]);
  });

  it("has the platform mask the credential, in both forms, before anything else is printed", async () => {
    await logIn(job.context(), { isPrivate: true });
    const file = `${job.out[0]?.replace(/^export DOCKER_CONFIG='(.*)'$/, "$1")}/config.json`;
    const auth = job.config(file)?.auths?.[job.names[0]]?.auth;
    expect(job.notes).toEqual([`::add-mask::${job.password(job.names[0], file)}`, `::add-mask::${auth}`]);
    expect(job.out.join("\n")).not.toContain(auth);
  });

  it("uses one credential at all registries of one server", async () => {
    const [one, two] = job.names;
    await logIn(job.context(), { registries: [one, two, one] });
    expect(job.password(one)).toBe(job.password(two));
    expect(job.exchanges).toBe(1);
  });

  it("logs in again with a new credential, and ends the old one", async () => {
    const [registry] = job.names;
    await logIn(job.context());
    const old = job.password(registry);
    await logIn(job.context());
    expect(await job.opens(old)).toBe(false);
    expect(await job.opens(job.password(registry))).toBe(true);
  });

  it("leaves a credential alive that another registry's entry still has", async () => {
    const [one, two] = job.names;
    await logIn(job.context(), { registries: [one, two] });
    await logIn(job.context(), { registries: [one] });
    expect(await job.opens(job.password(two))).toBe(true);
  });

  it("writes containers' file, too, where it is named or there", async () => {
    const [registry] = job.names;
    const named = job.path("named.json");
    await logIn(job.context({ REGISTRY_AUTH_FILE: named }));
    expect(job.password(registry, named)).toBe(job.password(registry));
    const there = [job.write("run/containers/auth.json", {}), job.write(".config/containers/auth.json", {})];
    await logIn(job.context());
    for (const file of there) expect(job.password(registry, file)).toBe(job.password(registry));
  });

  it("finds the server where the registry says it is, or is told", async () => {
    await logIn(job.context());
    expect(
      job.platform.requests.map(({ url }) => new URL(url, "http://x").searchParams.get("audience")),
    ).toEqual([job.world.url]);
    await logIn(job.context({ BERTH_SERVER: `${job.world.url}/` }));
    expect(job.exchanges).toBe(2);
  });

  // A registry may name whom it likes: what opens the real Berth does not go there.
  it("gives a registry that takes its tokens elsewhere nothing", async () => {
    const foreign = await startFakeRegistry('Bearer realm="https://elsewhere.example/v2/auth",service="s"');
    const problem = await problemOf(job.context({ BERTH_SERVER: job.world.url }), {
      registries: [foreign.name],
    });
    await foreign.endpoint.close();
    expect(problem.code).toBe("registry_of_other_server");
    expect(foreign.endpoint.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(job.config()).toBe(undefined);
  });

  it("ends what it earned where Berth does not know the registry", async () => {
    const unknown = await startFakeRegistry(berthChallenge(job.world.url, "unknown.example"));
    const problem = await problemOf(job.context(), { registries: [unknown.name] });
    await unknown.endpoint.close();
    expect(problem.code).toBe("registry_not_registered");
    expect(job.world.asked.at(-1)).toBe("/oauth2/revoke");
  });

  it.each([
    { text: "{", why: "no JSON" },
    { text: "[]", why: "no object" },
    { text: '{"auths":[]}', why: "auths is a list" },
    { text: '{"credHelpers":"x"}', why: "credHelpers is a text" },
  ])("leaves a file alone that is none of logins: $why", async ({ text }) => {
    const file = job.write(".docker/config.json", text);
    const problem = await problemOf(job.context());
    expect(problem.code).toBe("auth_file_malformed");
    expect(problem.message).toContain(file);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(job.exchanges).toBe(0);
  });

  it("that fails half-way takes back what it filed and recorded, and ends what it earned", async () => {
    job.write("blocker", "");
    const variables = { REGISTRY_AUTH_FILE: job.path("blocker", "auth.json") };
    expect((await problemOf(job.context(variables))).code).toBe("file_unwritable");
    expect(job.config()).toEqual({ auths: {} });
    expect(await readLoginRecords(job.path(".docker"))).toMatchObject({ logins: [] });
    expect(job.world.asked.at(-1)).toBe("/oauth2/revoke");
  });

  it("that fails half-way ends the login before, whose entry it took", async () => {
    await logIn(job.context());
    const old = job.password(job.names[0]);
    job.write("blocker", "");
    await problemOf(job.context({ REGISTRY_AUTH_FILE: job.path("blocker", "auth.json") }));
    expect(await job.opens(old)).toBe(false);
  });

  // Who is killed between the two has filed nothing that the logout does not find.
  it("is recorded before it is filed", async () => {
    const script = '#!/bin/sh\ncat > "$HOME/given"; cp "$HOME/.docker/berth-logins.json" "$HOME/seen.json"';
    chmodSync(job.write("bin/docker-credential-vault", script, 0o700), 0o700);
    job.write(".docker/config.json", { credsStore: "vault" });
    await logIn(job.context());
    const { Secret } = job.config(job.path("given")) as { Secret?: string };
    expect(job.config(job.path("seen.json"))?.logins).toMatchObject([
      { key: job.names[0], hash: hashOf(Secret ?? ""), filed: [{ store: "vault" }] },
    ]);
  });

  it("tells that a variable hides it from docker", async () => {
    const auths = { [job.names[0]]: { auth: "eDp5" } };
    await logIn(job.context({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) }));
    expect(job.notes.at(-1)).toContain("(auth_variable_hides)");
    job.notes.length = 0;
    await logIn(job.context({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "other.example": {} } }) }));
    expect(job.notes.join()).not.toContain("auth_variable_hides");
  });

  it("takes an empty file for an empty one", async () => {
    job.write(".docker/config.json", "");
    await logIn(job.context());
    expect(await job.opens(job.password(job.names[0]))).toBe(true);
  });

  it("makes and asks nothing where the name is no registry's", async () => {
    const problem = await problemOf(job.context(), {
      registries: [job.names[0], "https://registry.example/"],
    });
    expect(problem.code).toBe("registry_malformed");
    expect(job.exchanges).toBe(0);
    expect(job.config()).toBe(undefined);
  });

  it("files nothing where the helper answers", async () => {
    job.write(".docker/config.json", { credHelpers: { [job.names[0]]: "berth" } });
    const problem = await problemOf(job.context());
    expect(problem.code).toBe("helper_answers");
    expect(job.exchanges).toBe(0);
  });
});

describe("a job of GitLab CI, which has one identity token", () => {
  beforeEach(async () => {
    job = await ClientJob.onGitLab();
  });

  it("can log in to a second registry: both entries get the successor", async () => {
    const [one, two] = job.names;
    await logIn(job.context(), { registries: [one] });
    const first = job.password(one);
    await logIn(job.context(), { registries: [two] });
    expect(job.password(one)).toBe(job.password(two));
    expect(job.password(one)).not.toBe(first);
    expect(await job.opens(job.password(one))).toBe(true);
  });

  it("can log in to both at once: the entries hold one live credential", async () => {
    const [one, two] = job.names;
    const context = job.inRealTime();
    await Promise.all([logIn(context, { registries: [one] }), logIn(context, { registries: [two] })]);
    expect(job.password(one)).toBe(job.password(two));
    expect(await job.opens(job.password(one))).toBe(true);
  });

  it("cannot log in as a second robot account, and keeps the first login", async () => {
    await logIn(job.context());
    const problem = await problemOf(job.context(), { robot: "acme+other" });
    expect(["token_used", "no_match"]).toContain(problem.code);
    expect(await job.opens(job.password(job.names[0]))).toBe(true);
  });

  it("cannot ask for another scope, and keeps the first login", async () => {
    await logIn(job.context());
    const problem = await problemOf(job.context(), { scopes: ["repository:acme/app:pull"] });
    expect(problem.code).toBe("token_used");
    expect(await job.opens(job.password(job.names[0]))).toBe(true);
  });

  it("can correct the name of a registry that Berth does not know", async () => {
    const unknown = await startFakeRegistry(berthChallenge(job.world.url, "unknown.example"));
    expect((await problemOf(job.context(), { registries: [unknown.name] })).code).toBe(
      "registry_not_registered",
    );
    await unknown.endpoint.close();
    await logIn(job.context());
    expect(await job.opens(job.password(job.names[0]))).toBe(true);
  });

  it("is told of the missing token before anything is made", async () => {
    const context = job.context({ BERTH_ID_TOKEN: "", CI_SHARED_ENVIRONMENT: "true", CI_JOB_ID: "7" });
    expect((await problemOf(context)).code).toBe("gitlab_id_tokens_missing");
    expect(readdirSync(job.home)).toEqual([]);
  });
});
