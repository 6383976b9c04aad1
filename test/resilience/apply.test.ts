import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Robot } from "../../src/domain/accounts/robot.ts";
import { addApiToken } from "../support/api-tokens.ts";
import { SERVICE } from "../support/baseline.ts";
import { credentialFor, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import type { RunningBerth } from "./support/running-berth.ts";

/** So many that an apply takes a while, and a kill finds it in the middle. */
const NAMESPACES = 300;
/** Committed namespaces after which a server is killed. */
const KILLS_AFTER = [100];
const NAMES = Array.from({ length: NAMESPACES }, (_, at) => `team-${at}`);

function declarationOf(world: BerthWorld, description: string): string {
  const rule = { issuer: world.issuer.url, subject: "repo:acme/tools:ref:refs/heads/main", ttl_seconds: 900 };
  const namespaces = NAMES.map((name) => {
    const permissions = [{ registry: SERVICE, repository: `${name}/app`, role: "write" }];
    return { name, robots: [{ name: "builder", description, permissions, rules: [rule] }] };
  });
  return JSON.stringify({ namespaces });
}

describeOnEachStore("kill -9 of a server in the middle of an apply", (startWorld) => {
  let world: BerthWorld;
  let token: string;
  let folder: string;
  beforeEach(async () => {
    world = await startWorld();
    folder = join(world.folder, "teams.json");
    writeFileSync(folder, declarationOf(world, "first"));
    const now = Math.floor(Date.now() / 1000);
    const expiresAt = now + 3600;
    await world.start().then((berth) => berth.stop());
    token = await world.withStore(async ({ apiTokens }) =>
      (await addApiToken(apiTokens, now, { expiresAt })).secret.expose(),
    );
  });
  afterEach(() => world.close());

  const berth = ({ port }: RunningBerth, ...args: readonly string[]) =>
    world.command({ BERTH_SERVER: `http://127.0.0.1:${port}`, BERTH_TOKEN: token }, ...args);

  /** Robot accounts of the declaration that are in the store. */
  const robots = () =>
    world.withStore(async ({ directory }) => {
      const found = await Promise.all(NAMES.map((name) => directory.readRobot(`${name}+builder`)));
      return found.flatMap((records): Robot[] => (records?.robot ? [records.robot] : []));
    });

  it("is finished by a repeat: then there is nothing to do, and all that was acknowledged stands", async () => {
    let server = await world.start();
    const earned = await credentialFor(server, await world.issuer.sign());
    expect((await berth(server, "plan", "-f", folder)).code).toBe(3);

    for (const committed of KILLS_AFTER) {
      const applying = berth(server, "apply", "--yes", "-f", folder);
      await world.withStore(async ({ directory }) => {
        const seen = async () => (await directory.listNamespaces()).length;
        await vi.waitUntil(async () => (await seen()) > committed, { timeout: 30_000, interval: 1 });
        await server.kill();
      });
      expect(await applying).toMatchObject({ code: 1, stdout: "" });
      const left = await robots();
      expect(left.length).toBeGreaterThanOrEqual(committed);
      expect(left.length).toBeLessThan(NAMESPACES);
      // Each namespace whole, or not at all.
      const namespaces = await world.withStore(({ directory }) => directory.listNamespaces());
      expect(namespaces).toHaveLength(left.length + 1);
      server = await world.start({ port: server.port });
    }

    const before = await robots();
    const finished = await berth(server, "apply", "--yes", "-f", folder);
    expect(finished).toMatchObject({ code: 0, stderr: "" });
    expect(finished.stdout).toMatch(/\n\d+ created, 0 changed, 0 removed, \d+ unchanged\.\n$/);
    const after = await robots();
    expect(after).toHaveLength(NAMESPACES);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await berth(server, "plan", "-f", folder, "--prune")).toMatchObject({
      code: 0,
      stdout: "nothing to do: all is as declared\n",
    });
    expect((await registryToken(server, { password: earned })).status).toBe(200);
  });

  it("two at once do not undo each other", async () => {
    const servers = [await world.start(), await world.start()] as const;
    const second = join(world.folder, "second.json");
    writeFileSync(second, declarationOf(world, "second"));
    const runs = await Promise.all([
      berth(servers[0], "apply", "--yes", "-f", folder),
      berth(servers[1], "apply", "--yes", "-f", second),
    ]);
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const found = await robots();
    expect(found).toHaveLength(NAMESPACES);
    // The one that came last, whole.
    expect(new Set(found.map(({ description }) => description)).size).toBe(1);
    const codes = await Promise.all([folder, second].map((file) => berth(servers[0], "plan", "-f", file)));
    expect(codes.map(({ code }) => code).toSorted()).toEqual([0, 3]);
  });
});
