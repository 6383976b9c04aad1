import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const BUILDER = "/organization/acme/robots/builder";

describe("If-Match", () => {
  const etag = async () => (await world.operator("GET", BUILDER)).headers.get("etag") ?? "";
  const remove = (ifMatch: string) =>
    world.operator("DELETE", BUILDER, undefined, { headers: { "if-match": ifMatch } });

  it("is met by the ETag that was read", async () => {
    const version = await etag();
    expect(version).toMatch(/^"[0-9a-f]{32}"$/);
    expect((await remove(version)).status).toBe(204);
  });

  it("is met by * where there is something", async () => {
    expect((await remove("*")).status).toBe(204);
    expect((await remove("*")).body).toMatchObject({ reason: "robot_unknown" });
  });

  it("is not met once the object has changed", async () => {
    const version = await etag();
    await world.operator("PUT", "/repository/acme/tools/permissions/user/acme+builder", { role: "read" });
    const before = await world.changes();
    const { status, body } = await remove(version);
    expect([status, body]).toMatchObject([
      412,
      { error_type: "precondition_failed", reason: "precondition_failed" },
    ]);
    expect(await world.changes()).toEqual(before);
  });

  it.each([
    ['"0123456789abcdef0123456789abcdef"', 412, "precondition_failed"],
    ['W/"0123456789abcdef0123456789abcdef"', 412, "precondition_failed"],
    ["0123456789abcdef0123456789abcdef", 400, "request_malformed"],
    ['"a", "b"', 400, "request_malformed"],
    ["", 400, "request_malformed"],
  ])("%j is refused", async (ifMatch, status, reason) => {
    const answer = await remove(ifMatch);
    expect([answer.status, answer.body]).toMatchObject([status, { reason }]);
    expect(await world.changes()).toEqual([]);
  });
});
