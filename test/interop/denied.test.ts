import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Clients } from "./support/clients.ts";
import type { Run } from "./support/command.ts";
import { MAIN, type RobotOfTests, SECOND } from "./support/declaration.ts";
import { describeDistributions, describeWithClient } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const DENIED = "denied: requested access to the resource is denied";
const UNAUTHORIZED = "authentication required";

interface Attempt {
  readonly what: string;
  readonly robot: RobotOfTests | undefined;
  readonly run: (clients: Clients) => Promise<Run>;
  readonly says: string;
}

/** Berth hands each of these a registry token without the access; the registry then says no. */
const SKOPEO: readonly Attempt[] = [
  {
    what: "a push by READ",
    robot: "acme+reader",
    run: (c) => c.push("acme/app", "x", "by READ"),
    says: DENIED,
  },
  {
    what: "a delete by WRITE",
    robot: "acme+builder",
    run: (c) => c.delete("acme/app"),
    says: "(401 Unauthorized)",
  },
  {
    what: "a push to another namespace",
    robot: "acme+builder",
    run: (c) => c.push("beta/app"),
    says: DENIED,
  },
  {
    what: "a pull from another namespace",
    robot: "acme+builder",
    run: (c) => c.pull("beta/app"),
    says: DENIED,
  },
  {
    what: "a pull of another repository",
    robot: "acme+reader",
    run: (c) => c.pull("acme/other"),
    says: DENIED,
  },
  {
    what: "a push deeper than the pattern",
    robot: "acme+builder",
    run: (c) => c.push("acme/a/b"),
    says: DENIED,
  },
  {
    what: "a push of another registry's robot",
    robot: "acme+elsewhere",
    run: (c) => c.push("acme/app"),
    says: DENIED,
  },
  {
    what: "a pull of another registry's robot",
    robot: "acme+elsewhere",
    run: (c) => c.pull("acme/app"),
    says: DENIED,
  },
  {
    what: "an anonymous push",
    robot: undefined,
    run: (c) => c.push("open/base", "x", "anonymous"),
    says: DENIED,
  },
  { what: "an anonymous pull", robot: undefined, run: (c) => c.pull("acme/app"), says: DENIED },
];
const DOCKER: readonly Attempt[] = [
  { what: "an inspection", robot: "acme+reader", run: (c) => c.dockerInspect("acme/other"), says: DENIED },
  {
    what: "an anonymous inspection",
    robot: undefined,
    run: (c) => c.dockerInspect("acme/app"),
    says: DENIED,
  },
];
const CRANE: readonly Attempt[] = [
  { what: "a read", robot: "acme+reader", run: (c) => c.craneDigest("acme/other"), says: UNAUTHORIZED },
  {
    what: "a push by READ",
    robot: "acme+reader",
    run: (c) => c.cranePush("acme/app", "x"),
    says: UNAUTHORIZED,
  },
  { what: "the catalogue", robot: "acme+builder", run: (c) => c.craneCatalog(), says: UNAUTHORIZED },
  { what: "an anonymous catalogue", robot: undefined, run: (c) => c.craneCatalog(), says: UNAUTHORIZED },
];
const ORAS: readonly Attempt[] = [
  { what: "a read", robot: "acme+reader", run: (c) => c.orasTags("acme/other"), says: UNAUTHORIZED },
  {
    what: "a push by READ",
    robot: "acme+reader",
    run: (c) => c.orasTag("acme/app", "x"),
    says: UNAUTHORIZED,
  },
  { what: "the catalogue", robot: "acme+builder", run: (c) => c.orasCatalog(), says: UNAUTHORIZED },
];

describeDistributions("what a credential does not allow", (program) => {
  describeWithClient("skopeo", () => {
    let world: World;

    beforeAll(async () => {
      world = await startWorld();
      await world.startRegistry(program);
      await (await world.clientsOf("acme+builder")).push("acme/app");
      await (await world.clientsOf("open+builder")).push("open/base");
    });
    afterAll(() => world.close());

    const refuses = (attempts: readonly Attempt[]) =>
      it.each(attempts)("refuses $what", async ({ robot, run, says }) => {
        const clients = robot === undefined ? world.clients() : await world.clientsOf(robot);
        expect(await run(clients)).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
      });

    refuses(SKOPEO);
    describeWithClient("docker", () => refuses(DOCKER));
    describeWithClient("crane", () => refuses(CRANE));
    describeWithClient("oras", () => refuses(ORAS));

    describe("anonymous", () => {
      it("pulls what the registry's pattern allows", async () => {
        expect(await world.clients().pull("open/base")).toMatchObject({ code: 0 });
      });
      describeWithClient("docker", () => {
        it("inspects what the registry's pattern allows", async () => {
          expect(await world.clients().dockerInspect("open/base")).toMatchObject({ code: 0, stderr: "" });
        });
      });
    });

    it("refuses a registry token that was made for another registry", async () => {
      const login = await world.login("acme+elsewhere");
      const scope = "repository:acme/app:pull";
      const [ofSecond, ofMain] = [SECOND, MAIN].map((service) =>
        world.job.registryToken(login, service, scope),
      );
      expect(await statusOf(world, await ofMain)).toBe(200);
      expect(await statusOf(world, await ofSecond)).toBe(401);
    });
  });
});

/** What MAIN answers to a token at `/v2/`, which any token that it believes opens. */
async function statusOf(world: World, token: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${world.portOf(MAIN)}/v2/`, { headers })).status;
}
