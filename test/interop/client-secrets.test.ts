import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MAIN } from "./support/declaration.ts";
import { JobMachine } from "./support/job-machine.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

/** Every file below a folder that holds one of the secrets, with its mode; links are not followed. */
function filesWith(
  world: World,
  folder: string,
): readonly { readonly name: string; readonly mode: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const text = readFileSync(file, "utf8");
      const decoded = text.replaceAll(/[A-Za-z0-9+/=]{20,}/g, (part) =>
        Buffer.from(part, "base64").toString(),
      );
      return world.secrets.foundIn(text + decoded).length > 0;
    })
    .map((file) => ({ name: file.slice(folder.length + 1), mode: statSync(file).mode & 0o777 }));
}

describeDistributions("the client's secrets", (program) => {
  let world: World;
  let main: string;

  beforeAll(async () => {
    world = await startWorld();
    await world.startRegistry(program);
    main = `127.0.0.1:${world.portOf(MAIN)}`;
  });
  afterAll(() => world.close());

  describeWithClient("skopeo", () => {
    it("show in no output, in no process list and in no file that others may read, whatever is done", async () => {
      // On GitHub the runner is told of the credential, to mask it; nowhere else is anybody.
      const token = await world.identityToken();
      const machine = new JobMachine({ GITLAB_CI: "true", CI_JOB_ID: "1", BERTH_ID_TOKEN: token });
      const seen: string[] = [];
      const look = setInterval(() => seen.push(...world.secrets.foundInProcessList()), 5);
      const login = ["login", main, "--robot", "acme+builder"];
      try {
        expect(await machine.berth(login)).toMatchObject({ code: 0 });
        const password = machine.password(main) ?? "";
        world.secrets.addPassword(password);
        expect(await machine.push(`${main}/acme/app:made`)).toMatchObject({ code: 0 });
        expect(await machine.berth(["whoami", main, "--json"])).toMatchObject({ code: 0 });
        expect(await machine.berth([...login, "--scope", "repository:acme/app:pull"])).toMatchObject({
          code: 1,
        });
        expect(await machine.berth(["login", main, "--robot", "acme+nobody"])).toMatchObject({ code: 1 });
        expect(filesWith(world, machine.home)).toEqual([{ name: ".docker/config.json", mode: 0o600 }]);

        const fresh = await world.identityToken();
        const other = { CI_JOB_ID: "2", BERTH_ID_TOKEN: fresh };
        await machine.berth(["logout"]);
        await machine.berth(["configure-docker", main, "--robot", "acme+builder"]);
        expect(await machine.read("skopeo", `${main}/acme/app:made`, other)).toMatchObject({ code: 0 });
        const got = await machine.helperGet(main, other);
        const { Secret } = JSON.parse(got.stdout) as { Secret: string };
        world.secrets.addPassword(Secret);
        const cached = filesWith(world, machine.folder);
        expect(cached).toEqual([
          { name: expect.stringMatching(/^tmp\/berth-helper-\w{16}\/\w{32}\.json$/), mode: 0o600 },
        ]);
        expect(await machine.berth(["logout"], other)).toMatchObject({ code: 0 });
        expect(filesWith(world, machine.folder)).toEqual([]);
        expect(seen).toEqual([]);
        clearInterval(look);

        // What somebody pastes where it does not belong is in the process list, and goes no further.
        const pasted = [`--${password}`, password, token, `https://${password}@${main}`];
        for (const text of pasted) await machine.berth(["login", "--robot", "acme+builder", text]);
        // The helper's answer is what its caller asked for.
        expect(world.secrets.foundIn(machine.printed.replace(got.stdout, ""))).toEqual([]);
      } finally {
        clearInterval(look);
        machine.close();
      }
      expect(world.secrets.size).toBeGreaterThan(3);
    });
  });
});
