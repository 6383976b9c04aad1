import { afterEach, describe, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { runClientCommand } from "./client-command-line.ts";
import { whoamiCommand } from "./commands/whoami-command.ts";
import { login } from "./login.ts";
import { whoami } from "./whoami.ts";

let job: ClientJob;
afterEach(() => job.close());

async function show(robot?: string) {
  const found = await whoami(job.context(), job.world.url, robot);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

describe("whoami", () => {
  it("shows the platform and the claims, as types and all, and no signature", async () => {
    job = await ClientJob.onGitHub();
    const shown = await show();
    expect(shown).toEqual({
      server: job.world.url,
      platform: "github",
      claims: {
        ...{
          iss: job.world.issuer.url,
          sub: expect.any(String),
          aud: job.world.url,
          jti: expect.any(String),
        },
        ...{ iat: expect.any(Number), exp: expect.any(Number) },
      },
      logins: [],
    });
    expect(JSON.stringify(shown)).not.toMatch(/eyJ/);
    expect(job.exchanges).toBe(0);
  });

  it("shows the job's logins, and what opens nothing of them", async () => {
    job = await ClientJob.onGitHub();
    const [registry] = job.names;
    await login(job.context(), { robot: "acme+builder", scopes: [], registries: [registry] });
    const { logins } = await show();
    expect(logins).toEqual([
      {
        ...{ key: registry, server: job.world.url, robot: "acme+builder" },
        ...{ scope: expect.any(String), expiresAt: job.clock.seconds() + 3600 },
      },
    ]);
  });

  it("asks what a robot account would get, and ends that", async () => {
    job = await ClientJob.onGitHub();
    const { answer } = await show("acme+builder");
    expect(answer).toEqual({ granted: expect.stringContaining("repository:"), seconds: 3600 });
    expect(job.world.asked.at(-1)).toBe("/oauth2/revoke");
  });

  it("shows why a robot account gets nothing", async () => {
    job = await ClientJob.onGitHub();
    expect((await show("acme+nobody")).answer).toMatchObject({ refused: { code: "no_match" } });
  });

  it.each([
    ["of a platform that gives one", () => ClientJob.onGitLab()],
    ["in a file", () => ClientJob.onFile()],
  ])("does not use up the one identity token of a job, %s", async (_, start) => {
    job = await start();
    expect((await show("acme+builder")).answer).toEqual({ unasked: expect.stringContaining("use it up") });
    expect(job.exchanges).toBe(0);
  });

  it("prints what a terminal and a CI platform take for text alone", async () => {
    job = await ClientJob.onGitHub();
    const nasty = "a\n::set-env name=x::y\u001b[2J\u202e";
    const variables = {
      BERTH_IDENTITY_TOKEN: await job.world.sign({ ref: nasty, nested: { n: 1, list: [true] } }),
    };
    const { console } = job.context();
    const asked = { values: { server: job.world.url }, positionals: [] };
    expect(await runClientCommand({ variables, console }, whoamiCommand, asked)).toBe(0);
    expect(job.out).toContain('  ref: "a\\n::set-env name=x::y\\u001b[2J\\u{202e}"');
    expect(job.out).toContain('  nested: {"n":1,"list":[true]}');
    expect([...job.out.join("")].filter((character) => /\p{C}/u.test(character))).toEqual([]);
  });
});
