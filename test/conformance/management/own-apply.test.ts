import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Ask, type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { CALLERS } from "../../support/management-callers.ts";
import { manage } from "../../support/management-calls.ts";
import { acme, packer, ruleText } from "./acme-declarations.ts";

const PLAN = "/declarations/plan";
const APPLY = "/declarations/apply";

let world: ManagedBerth;
let admin: Ask;
beforeAll(async () => {
  world = await startManagedBerth();
  admin = await world.holder("org:admin");
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

async function applied(body: object): Promise<void> {
  const { status, body: answer } = await admin("POST", APPLY, body);
  expect(status, JSON.stringify(answer)).toBe(200);
}

describe("an application", () => {
  it("says what it did, and does nothing the second time", async () => {
    const body = acme(packer(ruleText(world)));
    const first = await admin("POST", APPLY, body);
    expect([first.status, first.body]).toMatchObject([200, { summary: { created: 1, unchanged: 1 } }]);
    const second = await admin("POST", APPLY, body);
    expect([second.status, second.body]).toMatchObject([200, { summary: { created: 0, unchanged: 2 } }]);
    expect(await world.changes()).toEqual(["directory.changed robot acme+packer"]);
  });

  it("with the ETag of a plan does that, or nothing", async () => {
    await applied(acme(packer(ruleText(world))));
    const body = acme(packer(ruleText(world, "repo:acme/tools:ref:refs/heads/release")));
    const etag = (await admin("POST", PLAN, body)).headers.get("etag") ?? "";
    await admin("PATCH", "/namespaces/acme/robots/packer", { enabled: false });
    const before = await world.changes();
    const headers = { "if-match": etag };
    const stale = await admin("POST", APPLY, body, { headers });
    expect([stale.status, stale.body]).toMatchObject([412, { reason: "precondition_failed" }]);
    expect(await world.changes()).toEqual(before);
  });

  it("names every object that stands against it, and writes nothing at all", async () => {
    const writer = await world.holder("robots:write");
    const { status, body } = await writer(
      "POST",
      APPLY,
      acme(
        `      - name: fresh\n${packer(ruleText(world))}      - { name: third, token_hash: "sha256:${"ab".repeat(32)}" }\n`,
      ),
    );
    const fault = { kind: "robot", reason: "insufficient_scope" };
    expect([status, body]).toMatchObject([
      403,
      {
        reason: "insufficient_scope",
        objects: [
          { ...fault, name: "acme+packer", sentence: "needs permissions:write" },
          { ...fault, name: "acme+third", sentence: "needs org:admin for its token_hash" },
        ],
      },
    ]);
    expect(await world.changes()).toEqual([]);
  });

  it("by a CI job makes robot accounts that have no robot token", async () => {
    const token = await CALLERS["an exchanged token"](world.berth);
    const job = (path: string, body: object) =>
      manage(world.berth.app, "POST", path, { ...(token && { token }), body });
    expect((await job(PLAN, acme(packer(ruleText(world))))).status).toBe(200);
    expect((await job(APPLY, acme(packer(ruleText(world))))).status).toBe(200);
    const { body } = await admin("GET", "/namespaces/acme/robots/packer");
    expect(body).toMatchObject({ managed_by: "apply:default" });
    expect((await world.berth.directory.readRobot("acme+packer"))?.robot?.token).toBeUndefined();
    const hash = `      - { name: secret, token_hash: "sha256:${"ab".repeat(32)}" }\n`;
    expect((await job(APPLY, acme(`${packer(ruleText(world))}${hash}`))).body).toMatchObject({
      reason: "insufficient_scope",
      objects: [{ name: "acme+secret", sentence: "needs org:admin for its token_hash" }],
    });
  });

  it("leaves no secret and no hash in its answer", async () => {
    const hash = "ab".repeat(32);
    const robot = `      - { name: third, token_hash: "sha256:${hash}" }\n`;
    for (const path of [PLAN, APPLY]) {
      expect(JSON.stringify((await admin("POST", path, acme(robot))).body)).not.toContain(hash);
    }
  });
});
