import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BufferedTrail } from "../../src/adapters/audit/buffered-trail.ts";
import { NearMissBuffer } from "../../src/adapters/audit/near-miss-buffer.ts";
import { createApp } from "../../src/http/app.ts";
import { keepNearMisses } from "../../src/usecases/management/keep-near-misses.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { exchange } from "../support/requests.ts";

let berth: TestBerth;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await berth.close();
});

/** The app as it is in production: refusals go through the real buffer, on the real store. */
async function startWithBuffer(change: BerthChange) {
  berth = await startTestBerth(change);
  const { directory, ledger, nearMisses, clock } = berth;
  const buffer = new NearMissBuffer(
    (candidates) => keepNearMisses({ directory, nearMisses, clock, personal: false }, candidates),
    () => undefined,
  );
  const trail = new BufferedTrail(ledger, () => undefined, buffer);
  return { app: createApp({ ...berth.deps, trail }), trail };
}

const spies = () => [
  vi.spyOn(berth.directory, "findAccount"),
  vi.spyOn(berth.directory, "readRobot"),
  vi.spyOn(berth.ledger, "record"),
  vi.spyOn(berth.nearMisses, "keep"),
  vi.spyOn(berth.directory, "listRobots"),
];

describe("a near miss", () => {
  it.each<{ what: string; change: BerthChange; robot?: string; kept: number }>([
    { what: "a tenant's job that no rule takes", change: {}, kept: 1 },
    { what: "a robot that nobody made", change: {}, robot: "acme+nobody", kept: 1 },
    { what: "a namespace that nobody made", change: {}, robot: "nowhere+builder", kept: 0 },
    { what: "a disabled robot", change: { robot: { enabled: false } }, kept: 1 },
    { what: "a stranger", change: { robot: { rules: [] } }, kept: 0 },
  ])("of $what costs no store call before the answer, and says nothing in it", async (row) => {
    const { app, trail } = await startWithBuffer(row.change);
    const calls = spies();
    const answer = await exchange(
      app,
      await berth.issuer.sign({ sub: "repo:acme/web", repository_id: "4711-secret" }),
      row.robot === undefined ? {} : { robot: row.robot },
    );
    expect(answer.body).toEqual({
      error: expect.any(String),
      error_description: expect.any(String),
      reason: "no_match",
      request_id: answer.headers.get("x-request-id"),
    });
    expect(calls.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0, 0, 0]);
    await trail.close();
    expect(calls.map(({ mock }) => mock.calls.length).slice(0, 3)).toEqual([1, 1, 1]);
    const { misses } = await berth.nearMisses.read("acme", berth.clock.now());
    expect(misses).toHaveLength(row.kept);
    expect(misses.flatMap(({ requestIds }) => requestIds)).toEqual(
      row.kept === 0 ? [] : [answer.body.request_id],
    );
    expect(JSON.stringify(misses)).not.toContain("4711-secret");
  });
});
