import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { SUBJECT } from "../support/baseline.ts";
import { describeWith } from "../support/find-server.ts";
import { manage } from "../support/management-calls.ts";
import { grantedScopes } from "../support/registry-claims.ts";
import { credentialFor, exchange, registryToken, revoke } from "../support/requests.ts";
import { type BerthWorld, describeOnEachStore } from "./support/berth-world.ts";
import { type Operate, operatorOf } from "./support/operator.ts";
import { findReleaseBefore, unpackRelease } from "./support/release-before.ts";
import type { RunningBerth } from "./support/running-berth.ts";

const OWN = "acme+builder";
const MADE = "team+builder";
const ROBOTS = "/namespaces/team/robots";
const PUSH = "repository:acme/app:pull,push";
const TEAM_PUSH = "repository:team/app:pull,push";

let folder: string;
let cliBefore: string;
let world: BerthWorld;

const sign = () => world.issuer.sign();

function earn(berth: RunningBerth, robot = OWN): Promise<string> {
  return sign().then((identityToken) => credentialFor(berth, identityToken, { robot }));
}

async function login(berth: RunningBerth, password: string, username = OWN): Promise<number> {
  return (await registryToken(berth, { username, password })).status;
}

/** What a registry token gives of all that is asked for. */
async function scopesOf(berth: RunningBerth, password: string, username = OWN) {
  return grantedScopes(await registryToken(berth, { username, password, scopes: [PUSH, TEAM_PUSH] }));
}

function regenerateBefore(robot: string) {
  return world.commandOf(cliBefore, {}, "robots", "token", robot);
}

/** Both releases on one store, the older one first. */
async function startBoth(): Promise<{ before: RunningBerth; berth: RunningBerth; operate: Operate }> {
  const before = await world.start({ cli: cliBefore });
  const berth = await world.start();
  return { before, berth, operate: await operatorOf(world, berth) };
}

/** A robot account that this release's API makes, with a rule for the issuer's jobs. */
async function makeRobot(operate: Operate, change: { readonly rule?: object } = {}): Promise<string> {
  await operate("POST", "/namespaces", { name: "team" });
  const { body } = await operate("POST", ROBOTS, { name: "builder" });
  const isAdministrative = change.rule !== undefined;
  if (!isAdministrative) {
    await operate("POST", `${ROBOTS}/builder/permissions`, { repository: "team/app", role: "write" });
  }
  const rule = { issuer: world.issuer.url, subject: SUBJECT, ...change.rule };
  await operate("POST", `${ROBOTS}/builder/rules`, rule);
  return robotTokenIn(body);
}

function robotTokenIn(body: unknown): string {
  return String((body as { robot_token?: string }).robot_token);
}

describeWith("release", findReleaseBefore(), "with the release before", (commit) => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "berth-release-"));
    cliBefore = unpackRelease(commit, join(folder, "release"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describeOnEachStore("an upgrade", (startWorld) => {
    beforeEach(async () => {
      world = await startWorld();
    });
    afterEach(() => world.close());

    it("keeps alive what the release before gave, and keeps over what it ended", async () => {
      const before = await world.start({ cli: cliBefore });
      const robotToken = (await regenerateBefore(OWN)).stdout.trim();
      const used = await sign();
      const unused = await sign();
      const [alive, revoked] = [await credentialFor(before, used), await earn(before)];
      expect((await revoke(before, revoked)).status).toBe(200);
      expect(await before.stop()).toBe(0);

      const berth = await world.start();
      expect(await scopesOf(berth, alive)).toEqual([PUSH]);
      expect(await scopesOf(berth, robotToken)).toEqual([PUSH]);
      expect(await login(berth, revoked)).toBe(401);
      expect((await exchange(berth, used)).body.reason).toBe("token_used");
      expect(await scopesOf(berth, await credentialFor(berth, unused))).toEqual([PUSH]);
      const { stdout } = await world.command({}, "robots", "token", OWN);
      const logins = [alive, robotToken, stdout.trim()].map((secret) => login(berth, secret));
      expect(await Promise.all(logins)).toEqual([401, 401, 200]);
    });

    it("runs both at once: each takes what the other gave, and not what it used up or ended", async () => {
      const { before, berth } = await startBoth();
      const turns: readonly (readonly [RunningBerth, RunningBerth])[] = [
        [before, berth],
        [berth, before],
      ];
      for (const [one, other] of turns) {
        const identityToken = await sign();
        const credential = await credentialFor(one, identityToken);
        expect(await scopesOf(other, credential)).toEqual([PUSH]);
        expect((await exchange(other, identityToken)).body.reason).toBe("token_used");
        expect((await revoke(other, credential)).status).toBe(200);
        expect([await login(one, credential), await login(other, credential)]).toEqual([401, 401]);
      }
    });

    it("has the older release follow what is changed over the API", async () => {
      const { before, operate } = await startBoth();
      const robotToken = await makeRobot(operate);
      const credential = await earn(before, MADE);
      expect(await scopesOf(before, credential, MADE)).toEqual([TEAM_PUSH]);
      expect(await scopesOf(before, robotToken, MADE)).toEqual([TEAM_PUSH]);

      await operate("POST", "/cut-off", { kind: "robot", robot: MADE });
      expect(await login(before, credential, MADE)).toBe(401);
      await operate("POST", `${ROBOTS}/builder/permissions`, { repository: "team/app", role: "read" });
      const narrower = await earn(before, MADE);
      expect(await scopesOf(before, narrower, MADE)).toEqual(["repository:team/app:pull"]);
      await operate("PATCH", `${ROBOTS}/builder`, { enabled: false });
      expect(await login(before, narrower, MADE)).toBe(401);
      expect((await exchange(before, await sign(), { robot: MADE })).body.reason).toBe("no_match");

      await operate("PATCH", `${ROBOTS}/builder`, { enabled: true });
      const last = await earn(before, MADE);
      await operate("DELETE", "/namespaces/team");
      expect(await login(before, last, MADE)).toBe(401);
      expect((await exchange(before, await sign(), { robot: MADE })).body.reason).toBe("no_match");
    });

    it("has the older release give nothing more to a keyless robot account", async () => {
      const { before, operate } = await startBoth();
      const robotToken = await makeRobot(operate);
      await operate("PATCH", `${ROBOTS}/builder`, { keyless_only: true, metadata: { team: "release" } });
      expect(await login(before, robotToken, MADE)).toBe(401);
      expect(await scopesOf(before, await earn(before, MADE), MADE)).toEqual([TEAM_PUSH]);
    });

    it("has the older release take no robot token in its grace time", async () => {
      const { before, berth, operate } = await startBoth();
      const first = await makeRobot(operate);
      const { body } = await operate("POST", `${ROBOTS}/builder/token`, { grace_seconds: 3600 });
      const second = robotTokenIn(body);
      const at = (server: RunningBerth, ...secrets: readonly string[]) =>
        Promise.all(secrets.map((secret) => login(server, secret, MADE)));
      expect(await at(before, first, second)).toEqual([401, 200]);
      expect(await at(berth, first, second)).toEqual([200, 200]);
      if (!world.onRedis) return;
      // The older command knows of no grace time: all that was before its token is dead, here too.
      const third = (await regenerateBefore(MADE)).stdout.trim();
      expect(await at(berth, first, second, third)).toEqual([401, 401, 200]);
    });

    it("has a rule that grants API scopes open nothing at the older release", async () => {
      const { before, berth, operate } = await startBoth();
      await makeRobot(operate, { rule: { api_scopes: ["rules:write"] } });
      const apiToken = await earn(berth, MADE);
      expect(apiToken).toMatch(/^bra_/);
      expect(await login(before, apiToken, MADE)).toBe(401);

      const empty = await earn(before, MADE);
      expect(await scopesOf(before, empty, MADE)).toEqual([]);
      expect(await scopesOf(berth, empty, MADE)).toEqual([]);
      const path = `${ROBOTS}/builder/rules`;
      expect(await manage(berth, "GET", path, { token: apiToken })).toMatchObject({ status: 200 });
      expect(await manage(berth, "GET", path, { token: empty })).toMatchObject({ status: 401 });
    });

    it("lets the older release start beside it on Redis, and on SQLite only go on", async () => {
      const { before, operate } = await startBoth();
      await makeRobot(operate);
      if (world.onRedis) {
        const again = await world.start({ cli: cliBefore });
        expect(await scopesOf(again, await earn(again, MADE), MADE)).toEqual([TEAM_PUSH]);
      } else {
        await expect(world.start({ cli: cliBefore })).rejects.toThrow("start the newer release");
        const { code, stdout, stderr } = await regenerateBefore(OWN);
        expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("start the newer release")]);
      }
      expect(await scopesOf(before, await earn(before, MADE), MADE)).toEqual([TEAM_PUSH]);
    });
  });
});
