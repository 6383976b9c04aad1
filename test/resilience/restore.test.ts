import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aNamespace, anApiToken, anEvent, aRobot } from "../support/baseline.ts";
import { credentialFor, exchange, registryToken } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";

/** So many that a restore takes a while, and a kill finds it in the middle. */
const NAMESPACES = 400;
const KILLS_AFTER = [5, 200];
const EVENT = anEvent(0, { kind: "directory.changed" });

/** `file` with many more namespaces, sealed anew. */
function enlarge(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -2);
  for (let at = 0; at < NAMESPACES; at += 1) {
    const name = `tenant-${at}`;
    const robot = aRobot({ name: `${name}+builder`, uid: `uid-${at}`, rules: [], managedBy: "api" });
    lines.push(JSON.stringify({ record: "namespace", value: aNamespace({ name, managedBy: "api" }) }));
    lines.push(JSON.stringify({ record: "robot", value: { robot, pins: {} } }));
  }
  const body = `${lines.join("\n")}\n`;
  const sha256 = createHash("sha256").update(body).digest("hex");
  writeFileSync(file, `${body}${JSON.stringify({ record: "footer", counts: {}, sha256 })}\n`);
}

async function newRobotToken(world: BerthWorld, robot: string): Promise<string> {
  const { code, stdout } = await world.command({}, "robots", "token", robot);
  expect(code).toBe(0);
  return stdout.trim();
}

/** Starts a restore, and kills it when the store has so many namespaces. */
async function killInTheMiddle(
  world: BerthWorld,
  args: readonly string[],
  namespaces: number,
): Promise<void> {
  const child = world.spawn("restore", ...args);
  const ended = once(child, "exit");
  await world.withStore(async ({ directory }) => {
    await vi.waitUntil(async () => (await directory.listNamespaces()).length >= namespaces, {
      timeout: 30_000,
      interval: 1,
    });
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect((await directory.listNamespaces()).length).toBeLessThan(NAMESPACES);
  });
}

describeOnEachStore("kill -9 of a restore", (startWorld) => {
  let world: BerthWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it("leaves what no server serves and a repeat finishes, and nothing that was over comes back", async () => {
    const berth = await world.start();
    const file = join(world.folder, "backup.jsonl");
    await world.withStore(async ({ directory, apiTokens }) => {
      const namespace = aNamespace({ name: "other", managedBy: "api" });
      const putRobots = [aRobot({ name: "other+robot", uid: "other-uid", rules: [], managedBy: "api" })];
      const change = { namespace, fromRevision: 0, putRobots, removeRobots: [], event: EVENT };
      await directory.commitNamespace({ name: "other", ...change });
      await apiTokens.add(anApiToken(), EVENT);
    });
    const leaked = await newRobotToken(world, "acme+builder");
    const kept = await newRobotToken(world, "other+robot");
    expect(await world.command({}, "backup", file)).toMatchObject({ code: 0 });
    enlarge(file);

    // After the backup: what a restore must not undo.
    const identityToken = await world.issuer.sign();
    const credential = await credentialFor(berth, identityToken);
    const unused = await world.issuer.sign();
    const regenerated = await newRobotToken(world, "acme+builder");
    await world.withStore(({ apiTokens }) => apiTokens.remove(anApiToken().id, EVENT));
    const logIn = async (running: typeof berth, username: string, password: string) =>
      (await registryToken(running, { username, password })).status;
    expect(await logIn(berth, "acme+builder", leaked)).toBe(401);
    expect(await berth.stop()).toBe(0);

    expect(await world.command({}, "restore", file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("say --replace; nothing was written"),
    });
    let flags = ["--replace"];
    for (const namespaces of KILLS_AFTER) {
      await killInTheMiddle(world, [file, ...flags], namespaces);
      flags = [];
      await expect(world.start({ port: berth.port })).rejects.toThrow("is not finished: run `berth restore`");
      expect(await world.command({}, "backup", "-")).toMatchObject({ code: 1, stdout: "" });
    }
    const other = join(world.folder, "other.jsonl");
    writeFileSync(other, readFileSync(file, "utf8"));
    enlarge(other);
    expect(await world.command({}, "restore", other)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the restore of another backup was broken off"),
    });
    const finished = await world.command({}, "restore", file);
    expect(finished).toMatchObject({ code: 0, stderr: "" });
    expect(finished.stdout).toContain(`(namespaces: ${NAMESPACES + 2}, robot accounts: ${NAMESPACES + 2})`);
    expect(finished.stdout).toContain("need a new token (berth robots token): acme+builder\n");
    expect(finished.stdout).toContain("API tokens of the backup that did not come back: 1;");

    const restored = await world.start({ port: berth.port });
    await world.withStore(async ({ directory, apiTokens }) => {
      expect(await directory.listNamespaces()).toHaveLength(NAMESPACES + 2);
      expect(await apiTokens.list()).toEqual([]);
    });
    const reasons = [identityToken, unused].map(
      async (token) => (await exchange(restored, token)).body.reason,
    );
    expect(await Promise.all(reasons)).toEqual(["token_predates_store", "token_predates_store"]);
    expect(await logIn(restored, "acme+builder", credential)).toBe(401);
    expect(await logIn(restored, "acme+builder", leaked)).toBe(401);
    expect(await logIn(restored, "acme+builder", regenerated)).toBe(401);
    expect(await logIn(restored, "other+robot", kept)).toBe(200);
    // Later than the second in which the epoch began.
    const later = { iat: Math.floor(Date.now() / 1000) + 2 };
    const next = await credentialFor(restored, await world.issuer.sign(later));
    expect(await logIn(restored, "acme+builder", next)).toBe(200);
  });
});
