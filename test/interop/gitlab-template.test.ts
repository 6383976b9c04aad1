import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith, findProgram } from "../support/find-server.ts";
import { COMPONENT, PLAIN_TEMPLATE } from "../support/gitlab-template.ts";
import { SECOND } from "./support/declaration.ts";
import { registryOf, runBuilderJob } from "./support/gitlab-builder.ts";
import { imagesOfMachine } from "./support/gitlab-images.ts";
import { LAYOUT_TAG, writeImageLayout } from "./support/image-layout.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

describeWithClient("skopeo", () => {
  describeDistributions("GitLab's templates", (program) => {
    let world: World;
    let folder: string;
    let push: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "berth-gitlab-image-"));
      const layout = writeImageLayout(folder, "made by GitLab");
      world = await startWorld();
      await world.startRegistry(program);
      const target = `docker://${registryOf(world)}/acme/app:made`;
      push = `skopeo --insecure-policy copy --dest-tls-verify=false oci:${layout}:${LAYOUT_TAG} ${target}`;
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await world.close();
    });

    for (const [need, name, found] of imagesOfMachine()) {
      describeWith(need, found, name, (image) => {
        it.each([COMPONENT, PLAIN_TEMPLATE] as const)("%s: logs in, pushes and revokes", async (file) => {
          const job = await runBuilderJob(world, { file, image, script: [push] });
          expect(job.main).toMatchObject({
            code: 0,
            stderr: `berth: logged in to ${registryOf(world)} as acme+builder for 3600 s\n`,
          });
          expect(job.after).toEqual({ code: 0, stdout: "berth: the credential is revoked\n", stderr: "" });
        });

        it("shows no secret when GitLab traces the script", async () => {
          const job = await runBuilderJob(world, { image, script: [push], trace: true });
          expect(job.main).toMatchObject({ code: 0, stderr: expect.stringContaining("+ skopeo") });
        });
      });
    }

    describeWith("curl", findProgram("curl"), "in an image with curl", () => {
      it("asks for what BERTH_SCOPE says, and revokes after a failure", async () => {
        const variables = { BERTH_SCOPE: "repository:acme/app:pull" };
        const job = await runBuilderJob(world, { variables, script: [push] });
        expect(job.main).toMatchObject({ code: 1, stderr: expect.stringContaining("denied") });
        expect(job.after).toMatchObject({ code: 0, stdout: "berth: the credential is revoked\n" });
      });

      it("what it logged in with is dead after the job", async () => {
        const kept = join(folder, "kept.json");
        await runBuilderJob(world, { script: [`cat "$DOCKER_CONFIG/config.json" >${kept}`] });
        const { auths } = JSON.parse(readFileSync(kept, "utf8")) as {
          auths: Record<string, { auth: string }>;
        };
        const login = Buffer.from(auths[registryOf(world)]?.auth ?? "", "base64").toString();
        const password = login.replace("acme+builder:", "");
        world.secrets.addPassword(password);
        expect(password).toMatch(/^brc_/);
        const asked = world.job.registryToken({ username: "acme+builder", password }, "main.test", "");
        await expect(asked).rejects.toThrow("/v2/auth answered 401");
      });

      it("writes several registries, and keeps the job's plugins", async () => {
        mkdirSync(join(folder, "docker", "cli-plugins"), { recursive: true });
        const second = `127.0.0.1:${world.portOf(SECOND)}`;
        const job = await runBuilderJob(world, {
          variables: {
            BERTH_REGISTRY: `${registryOf(world)} ${second}`,
            BERTH_TTL: "300",
            DOCKER_CONFIG: join(folder, "docker"),
          },
          script: [
            `test -d "$DOCKER_CONFIG/cli-plugins"`,
            `grep -q '"${second}":' "$REGISTRY_AUTH_FILE"`,
            push,
          ],
        });
        expect(job.main).toMatchObject({
          code: 0,
          stderr: `berth: logged in to ${registryOf(world)} ${second} as acme+builder for 300 s\n`,
        });
      });
    });
  });
});
