import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startGitHub } from "../support/ci-platforms/github.ts";
import { snippetsOf } from "../support/ci-snippets.ts";
import { describeWith, findProgram } from "../support/find-server.ts";
import { type Run, runCommand } from "./support/command.ts";
import { showsCredential } from "./support/credential-shape.ts";
import { describeDistribution3, describeWithClient } from "./support/programs.ts";
import { type SnippetWorld, startSnippetWorld } from "./support/snippet-world.ts";
import { programsOfMachine, type WatchedPrograms, watchPrograms } from "./support/watched-programs.ts";

const PROGRAMS = ["curl", "jq", "docker", "openssl"];
const needs = ["curl", "jq", "bash"].find((program) => findProgram(program) === undefined);

describeWith(needs ?? "curl", needs === undefined ? PROGRAMS : undefined, "docs/ci/curl.md", (names) => {
  describeWithClient("docker", () => {
    describeDistribution3("with curl alone", (program) => {
      let world: SnippetWorld;
      let folder: string;
      let programs: WatchedPrograms;

      beforeAll(async () => {
        world = await startSnippetWorld(program);
      });
      afterAll(() => world.close());
      beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "berth-curl-"));
        for (const name of ["docker", "work"]) mkdirSync(join(folder, name));
        programs = watchPrograms(folder, programsOfMachine(...names));
      });
      afterEach(() => rmSync(folder, { recursive: true, force: true }));

      /** The example under a heading, as a job runs it. Nobody may see its secrets. */
      async function run(heading: string, variables: Readonly<Record<string, string>>): Promise<Run> {
        const [snippet] = snippetsOf("docs/ci/curl.md").get(heading) ?? [];
        const script = (snippet?.text ?? "")
          .replaceAll("https://berth.example.com", world.berth.url)
          .replaceAll("registry.example.com", world.registry);
        const done = await runCommand(
          findProgram("bash") ?? "bash",
          ["-eo", "pipefail", "-c", `cd ${join(folder, "work")}; umask 077\n${script}`],
          { env: { PATH: programs.path, HOME: folder, DOCKER_CONFIG: join(folder, "docker"), ...variables } },
        );
        const seen = [programs.calls(), done.stdout, done.stderr].join("\n");
        expect(showsCredential(seen)).toBe(false);
        const tokens = Object.entries(variables).filter(([name]) => name.endsWith("_TOKEN"));
        expect(tokens.filter(([, value]) => seen.includes(value))).toEqual([]);
        expect(programs.openFiles()).toEqual([]);
        return done;
      }

      function filedUser(): string | undefined {
        const file = readFileSync(join(folder, "docker", "config.json"), "utf8");
        const { auths } = JSON.parse(file) as { auths: Record<string, { auth: string }> };
        return Buffer.from(auths[world.registry]?.auth ?? "", "base64")
          .toString()
          .split(":")[0];
      }

      it("two lines log a GitHub job in", async () => {
        const github = await startGitHub((audience) => world.sign(audience));
        const { GITHUB_ACTIONS: _1, GITHUB_REPOSITORY: _2, ...request } = github.variables;
        const lines = snippetsOf("docs/ci/curl.md").get("GitHub Actions")?.[0]?.text.trim().split("\n");
        expect(lines).toHaveLength(2);
        const done = await run("GitHub Actions", request);
        await github.close();
        expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Login Succeeded") });
        expect(filedUser()).toBe("acme+builder");
      });

      it("one line logs a GitLab job in", async () => {
        const lines = snippetsOf("docs/ci/curl.md").get("GitLab CI")?.[0]?.text.trim().split("\n");
        expect(lines).toHaveLength(1);
        const done = await run("GitLab CI", { BERTH_ID_TOKEN: await world.sign() });
        expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Login Succeeded") });
        expect(filedUser()).toBe("acme+builder");
      });

      it("the whole exchange logs in, and revokes", async () => {
        const done = await run("All that an exchange can do", { BERTH_ID_TOKEN: await world.sign() });
        expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Login Succeeded") });
        const { access_token: credential = "" } = JSON.parse(
          readFileSync(join(folder, "work", "answer.json"), "utf8"),
        ) as Record<string, string>;
        const authorization = `Basic ${btoa(`acme+builder:${credential}`)}`;
        const asked = await fetch(`${world.berth.url}/v2/auth?service=registry.example.com`, {
          headers: { authorization },
        });
        expect(asked.status).toBe(401);
      });

      it("a refused identity token logs nobody in", async () => {
        const done = await run("GitLab CI", {
          BERTH_ID_TOKEN: await world.sign("https://other.example.com"),
        });
        expect(done).toMatchObject({ stdout: "", stderr: expect.stringContaining("400") });
        expect(done.code).not.toBe(0);
      });
    });
  });
});
