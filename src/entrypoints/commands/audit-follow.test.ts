import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import { withApi } from "./api-client.ts";
import { followAudit } from "./audit-follow.ts";

let world: CommandWorld;
let clock: TestClock;
beforeEach(() => {
  world = newCommandWorld();
  clock = new TestClock(Date.parse("2026-03-01T12:00:00Z"));
});
afterEach(() => world.remove());

async function record(at: number, ...requestIds: readonly string[]): Promise<void> {
  await world.inStore(({ ledger }) =>
    ledger.record(requestIds.map((requestId) => anEvent(at, { requestId }))),
  );
}

/** What was printed up to each wait; `between` runs in it. Ends at a look that the API refuses. */
async function followed(since: string | undefined, ...between: readonly (() => Promise<void>)[]) {
  const printed: string[] = [];
  const looks: string[][] = [];
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const code = await withApi(world.environment, (api) => {
    let path = "/audit";
    const waiting = {
      now: () => clock.now(),
      waitUntil: async (until: number) => {
        looks.push(printed.splice(0));
        clock.advance(until - clock.now());
        const next = between[looks.length - 1];
        if (next === undefined) path = "/nothing";
        else await next();
      },
    };
    const switched = {
      call: (method: string, _: string, request?: object) => api.call(method, path, request),
    };
    return followAudit({
      api: switched,
      path,
      query: { since },
      print: ({ request_id }) => printed.push(request_id),
      clock: waiting,
    });
  });
  return { code, looks };
}

describe("followAudit", () => {
  it("prints what comes, the oldest first and once, also when it comes late", async () => {
    const start = clock.now();
    await record(start - 1000, "before");
    const { code, looks } = await followed(
      undefined,
      async () => {
        await record(start + 1, "a");
        await record(start + 2, "b");
      },
      () => record(start, "late"),
      async () => undefined,
    );
    expect(looks).toEqual([[], ["a", "b"], ["late"], []]);
    expect(code).toBe(1);
  });

  it("begins with what there is since a moment", async () => {
    const start = clock.now();
    await record(start - 60_000, "minute ago");
    const { looks } = await followed(new Date(start - 61_000).toISOString(), async () => undefined);
    expect(looks).toEqual([["minute ago"], []]);
  });

  it("goes on for longer than it looks back", async () => {
    const start = clock.now();
    const late = Array.from({ length: 12 }, (_, at) => () => record(start + at * 2000, `event-${at}`));
    const { looks } = await followed(undefined, ...late);
    expect(looks.flat()).toEqual(late.map((_, at) => `event-${at}`));
  });
});
