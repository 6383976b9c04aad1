import { expect, it } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { NearMissBuffer } from "./near-miss-buffer.ts";
import { UnbufferedTrail } from "./unbuffered-trail.ts";

const CANDIDATE = { robot: "acme+builder" } as unknown as NearMissCandidate;

function aTrail(record: (events: readonly AuditEvent[]) => Promise<void>) {
  const losses: number[] = [];
  const kept: (readonly NearMissCandidate[])[] = [];
  const nearMisses = new NearMissBuffer(
    async (candidates) => {
      kept.push(candidates);
      return 0;
    },
    () => undefined,
  );
  const trail = new UnbufferedTrail({ record }, (lost) => void losses.push(lost), nearMisses);
  return { trail, losses, kept };
}

it("writes what was added together, once, and the near misses with it", async () => {
  const written: (readonly AuditEvent[])[] = [];
  const { trail, kept } = aTrail(async (events) => void written.push(events));
  const [first, second] = [anEvent(1), anEvent(2)];
  trail.add(first);
  trail.add(second, CANDIDATE);
  await trail.flush();
  await trail.flush();
  expect(written).toEqual([[first, second]]);
  expect(kept).toEqual([[CANDIDATE]]);
});

it("loses what the ledger does not take, counts it, and goes on", async () => {
  let fails = true;
  const { trail, losses, kept } = aTrail(async () => {
    if (fails) throw new Error("down");
  });
  trail.add(anEvent(1));
  trail.add(anEvent(2), CANDIDATE);
  await trail.flush();
  trail.add(anEvent(3));
  await trail.flush();
  fails = false;
  trail.add(anEvent(4));
  await trail.flush();
  expect(losses).toEqual([2, 3]);
  expect(trail.lost).toBe(3);
  expect(kept).toEqual([[CANDIDATE]]);
});
