import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCredentialSecret } from "../../src/domain/accounts/secret.ts";
import type { ClientName, Clients, Login } from "./support/clients.ts";
import type { Run } from "./support/command.ts";
import { expireCredential } from "./support/expired-credential.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const CAUSES = {
  "an invented password": "robot account or password is wrong",
  "another robot's credential": "robot account or password is wrong",
  "an expired credential": "this credential has expired: exchange a new identity token and log in again",
  "a revoked credential": "this credential was revoked: exchange a new identity token and log in again",
} as const;
type Cause = keyof typeof CAUSES;

interface Attempt {
  readonly what: string;
  readonly run: (clients: Clients, login: Login) => Promise<Run>;
  readonly code: number;
  /** How the client shows Berth's message; skopeo's and podman's login lose it. */
  readonly shows: (message: string) => string;
}

const shown = (message: string) => `unauthorized: ${message}`;
const shownByCrane = (message: string) => `UNAUTHORIZED: ${message}`;
const shownBySkopeo = (message: string) =>
  `unable to retrieve auth token: invalid username/password: unauthorized: ${message}`;
const lost = () => "invalid username/password";

const ATTEMPTS: Readonly<Record<ClientName, readonly Attempt[]>> = {
  docker: [
    { what: "login", run: (c, login) => c.login("docker", login), code: 1, shows: shown },
    { what: "manifest inspect", run: (c) => c.dockerInspect("acme/app"), code: 1, shows: shown },
  ],
  skopeo: [
    { what: "login", run: (c, login) => c.login("skopeo", login), code: 1, shows: lost },
    { what: "push", run: (c) => c.push("acme/app"), code: 1, shows: shownBySkopeo },
    { what: "pull", run: (c) => c.pull("acme/app"), code: 1, shows: shownBySkopeo },
    { what: "list-tags", run: (c) => c.listTags("acme/app"), code: 1, shows: shownBySkopeo },
    { what: "delete", run: (c) => c.delete("acme/app"), code: 1, shows: shownBySkopeo },
  ],
  podman: [{ what: "login", run: (c, login) => c.login("podman", login), code: 125, shows: lost }],
  crane: [
    { what: "digest", run: (c) => c.craneDigest("acme/app"), code: 1, shows: shownByCrane },
    { what: "push", run: (c) => c.cranePush("acme/app", "x"), code: 1, shows: shownByCrane },
  ],
  oras: [
    { what: "login", run: (c, login) => c.login("oras", login), code: 1, shows: shown },
    { what: "repo tags", run: (c) => c.orasTags("acme/app"), code: 1, shows: shown },
  ],
};

describeDistributions("a credential that opens nothing", (program) => {
  let world: World;
  const logins = {} as Record<Cause, Login>;

  beforeAll(async () => {
    world = await startWorld();
    await world.startRegistry(program);
    const [others, expired, revoked] = await Promise.all([
      world.login("acme+reader"),
      world.login("acme+builder"),
      world.login("acme+builder"),
    ]);
    const invented = newCredentialSecret(0, (count) => randomBytes(count)).expose();
    logins["an invented password"] = { username: "acme+builder", password: invented };
    logins["another robot's credential"] = { ...others, username: "acme+builder" };
    await expireCredential(world.berth.folder, expired.password);
    logins["an expired credential"] = expired;
    await world.job.revoke(revoked);
    logins["a revoked credential"] = revoked;
  });
  afterAll(() => world.close());

  for (const [client, attempts] of Object.entries(ATTEMPTS) as [ClientName, readonly Attempt[]][]) {
    describeWithClient(client, () => {
      describe.each(Object.entries(CAUSES) as [Cause, string][])("%s", (cause, message) => {
        it.each(attempts)("$what says so", async ({ run, code, shows }) => {
          const ended = await run(world.clients(logins[cause]), logins[cause]);
          expect(ended).toMatchObject({ code, stderr: expect.stringContaining(shows(message)) });
        });
      });
    });
  }

  describeWithClient("skopeo", () => {
    // attack 83
    it("works until it is revoked, and no longer", async () => {
      const login = await world.login("acme+builder");
      const clients = world.clients(login);
      expect(await clients.push("acme/app")).toMatchObject({ code: 0 });
      await world.job.revoke(login);
      expect(await clients.pull("acme/app")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(CAUSES["a revoked credential"]),
      });
    });
  });
});
