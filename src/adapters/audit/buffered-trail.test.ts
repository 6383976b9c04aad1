import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { BufferedTrail } from "./buffered-trail.ts";
import { NearMissBuffer } from "./near-miss-buffer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const event = (at: number) => anEvent(at, { kind: "exchange.refused" });

/** A ledger that can be down, or slow, when it is told to be. */
function startTrail() {
  const recorded: number[][] = [];
  const losses: number[] = [];
  const ledger = {
    fault: undefined as Error | undefined,
    answer: Promise.resolve(),
    record: async (events: readonly AuditEvent[]) => {
      await ledger.answer;
      if (ledger.fault) throw ledger.fault;
      recorded.push(events.map(({ at }) => at));
    },
  };
  const kept: string[][] = [];
  const nearMisses = new NearMissBuffer(
    async (candidates) => {
      kept.push(candidates.map(({ requestId }) => requestId));
      return 0;
    },
    () => undefined,
  );
  const trail = new BufferedTrail(ledger, (lost) => losses.push(lost), nearMisses);
  return { trail, ledger, recorded, losses, kept };
}

const OUTAGE = new UnavailableError("the store did not answer: SQLITE_BUSY");

it("writes what was added together, a second after the first of it", async () => {
  const { trail, recorded } = startTrail();
  trail.add(event(1));
  await vi.advanceTimersByTimeAsync(999);
  trail.add(event(2));
  expect(recorded).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(recorded).toEqual([[1, 2]]);
  trail.add(event(3));
  await vi.advanceTimersByTimeAsync(1000);
  expect(recorded).toEqual([[1, 2], [3]]);
  expect(vi.getTimerCount()).toBe(0);
});

describe("while the ledger does not answer", () => {
  it("keeps events in their order and tries once a second", async () => {
    const { trail, ledger, recorded, losses } = startTrail();
    ledger.fault = OUTAGE;
    trail.add(event(1));
    await vi.advanceTimersByTimeAsync(1000);
    trail.add(event(2));
    await vi.advanceTimersByTimeAsync(3000);
    ledger.fault = undefined;
    await vi.advanceTimersByTimeAsync(1000);
    expect(recorded).toEqual([[1, 2]]);
    expect([trail.lost, losses]).toEqual([0, []]);
  });

  it("keeps the newest ten thousand, and counts the others", async () => {
    const { trail, ledger, recorded, losses } = startTrail();
    ledger.fault = OUTAGE;
    for (let at = 1; at <= 9_999; at += 1) trail.add(event(at));
    await vi.advanceTimersByTimeAsync(1000);
    for (let at = 10_000; at <= 10_003; at += 1) trail.add(event(at));
    expect([trail.lost, losses]).toEqual([3, [1, 2, 3]]);
    ledger.fault = undefined;
    await vi.advanceTimersByTimeAsync(1000);
    expect(recorded[0]).toHaveLength(10_000);
    expect(recorded[0]?.[0]).toBe(4);
  });

  it("counts what would come back to a full buffer", async () => {
    const { trail, ledger, losses } = startTrail();
    const slow = Promise.withResolvers<void>();
    ledger.answer = slow.promise;
    ledger.fault = OUTAGE;
    trail.add(event(0));
    await vi.advanceTimersByTimeAsync(1000);
    for (let at = 1; at <= 10_000; at += 1) trail.add(event(at));
    slow.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect([trail.lost, losses]).toEqual([1, [1]]);
  });
});

it("gives up what the ledger cannot take at all, and goes on", async () => {
  const { trail, ledger, recorded, losses } = startTrail();
  ledger.fault = new TypeError("a bug");
  trail.add(event(1));
  await vi.advanceTimersByTimeAsync(1000);
  expect([trail.lost, losses]).toEqual([1, [1]]);
  ledger.fault = undefined;
  trail.add(event(2));
  await vi.advanceTimersByTimeAsync(1000);
  expect(recorded).toEqual([[2]]);
});

describe("at the end", () => {
  it("writes what is there without the second", async () => {
    const { trail, recorded } = startTrail();
    trail.add(event(1));
    await trail.close();
    expect(recorded).toEqual([[1]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for what is on its way", async () => {
    const { trail, ledger, recorded } = startTrail();
    const slow = Promise.withResolvers<void>();
    ledger.answer = slow.promise;
    trail.add(event(1));
    await vi.advanceTimersByTimeAsync(1000);
    let closed = false;
    const closing = trail.close().then(() => {
      closed = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(closed).toBe(false);
    slow.resolve();
    await closing;
    expect(recorded).toEqual([[1]]);
  });

  it("waits for no ledger that is down, and counts", async () => {
    const { trail, ledger, losses } = startTrail();
    ledger.fault = OUTAGE;
    trail.add(event(1));
    trail.add(event(2));
    await trail.close();
    expect([trail.lost, losses]).toEqual([2, [2]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is at once where there is nothing", async () => {
    const { trail, recorded } = startTrail();
    await trail.close();
    expect(recorded).toEqual([]);
  });
});

describe("a near miss", () => {
  const candidate = (requestId: string): NearMissCandidate => ({
    requestId,
    at: 1,
    robot: "acme+builder",
    profile: "generic",
    claims: new Map(),
  });

  it("is looked at with the next write, and not before", async () => {
    const { trail, kept } = startTrail();
    trail.add(event(1), candidate("a"));
    trail.add(event(2));
    trail.add(event(3), candidate("b"));
    await vi.advanceTimersByTimeAsync(999);
    expect(kept).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(kept).toEqual([["a", "b"]]);
  });

  it("comes after the events, and after the end as well", async () => {
    const { trail, ledger, recorded, kept } = startTrail();
    const slow = Promise.withResolvers<void>();
    ledger.answer = slow.promise;
    trail.add(event(1), candidate("a"));
    const closing = trail.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(kept).toEqual([]);
    slow.resolve();
    await closing;
    expect([recorded, kept]).toEqual([[[1]], [["a"]]]);
  });
});
