import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { runCommand } from "./support/command.ts";
import { MAIN } from "./support/declaration.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { SecretWatch } from "./support/secret-watch.ts";
import { startWorld, type World } from "./support/world.ts";

const SCOPE = "repository:acme/app:pull";

describeDistributions("secrets", (program) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.startRegistry(program);
  });
  afterAll(() => world.close());

  describeWithClient("skopeo", () => {
    // attack 75
    it("show in no output and in no process list, whatever is granted or refused", async () => {
      const identityToken = await world.identityToken();
      const login = await world.job.exchange("acme+builder", identityToken);
      world.secrets.addPassword(login.password);
      await expect(world.job.exchange("acme+builder", identityToken)).rejects.toThrow("token_used");
      await expect(world.job.exchange("acme+nobody", await world.identityToken())).rejects.toThrow(
        "no_match",
      );
      await expect(world.job.exchange("acme+builder", `${identityToken}A`)).rejects.toThrow(
        "signature_invalid",
      );
      const asQuay = await world.job.exchangeAsQuay("acme+builder", await world.identityToken());
      world.secrets.addPassword(asQuay.password);
      await expect(world.job.exchangeAsQuay("acme+builder", identityToken)).rejects.toThrow("token_used");
      world.secrets.addToken(await world.job.registryToken(login, MAIN, SCOPE));
      world.secrets.addToken(await world.job.registryTokenByForm(asQuay, MAIN, SCOPE));

      const builder = world.clients(login);
      const pushed = builder.push("acme/app");
      expect(world.secrets.foundInProcessList()).toEqual([]);
      expect(await pushed).toMatchObject({ code: 0 });
      await world.clients({ ...login, username: "acme+keeper" }).pull("acme/app");
      // People paste secrets into the wrong field.
      await world.clients({ username: login.password, password: login.username }).pull("acme/app");
      await world.job.revoke(login);
      expect(await builder.pull("acme/app")).toMatchObject({ code: 1 });

      expect(world.secrets.size).toBe(7);
      for (const reason of ["token_used", "no_match", "credentials_invalid", "credential_revoked"]) {
        // Berth answers first, and then writes.
        await vi.waitFor(() => expect(world.printed).toContain(reason));
      }
      expect(world.secrets.foundIn(world.printed)).toEqual([]);
    });
  });
});

it("the search finds a secret in an output and in a process list", async () => {
  const watch = new SecretWatch();
  const planted = `brc_${randomUUID()}`;
  watch.addPassword(planted);
  expect(watch.foundIn(`user:${planted}\n`)).toEqual(["a password, brc_…"]);
  const look = `
    const { SecretWatch } = await import(${JSON.stringify(new URL("support/secret-watch.ts", import.meta.url))});
    const watch = new SecretWatch();
    watch.addPassword(process.argv[1]);
    console.log(watch.foundInProcessList().length);
  `;
  const args = ["--input-type=module", "--eval", look, planted];
  expect(await runCommand(process.execPath, args, { env: {} })).toMatchObject({ code: 0, stdout: "1\n" });
});
