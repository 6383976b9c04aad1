import { expect, it } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import { bytesKept, REQUEST_BYTES } from "../../../test/support/bytes-kept.ts";
import { TestClock } from "../../../test/support/test-clock.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import type { NearMissCandidate } from "../../domain/near-miss.ts";
import { SampledTrail } from "./sampled-trail.ts";

function start(maxNames?: number) {
  const clock = new TestClock(1_700_000_000_000);
  const added: [AuditEvent, NearMissCandidate | undefined][] = [];
  const trail = new SampledTrail(
    { add: (event, candidate) => added.push([event, candidate]) },
    clock,
    maxNames,
  );
  return { clock, trail, added, events: () => added.map(([event]) => event) };
}

function aGuess(robot: string | undefined, at = 0): AuditEvent {
  const { robot: _, ...event } = anEvent(at, {
    kind: "registry_token.refused",
    reason: "credentials_invalid",
  });
  return robot === undefined ? event : { ...event, robot };
}

const guess = (trail: SampledTrail, count: number, robot: string | undefined) => {
  for (let at = 0; at < count; at += 1) trail.add(aGuess(robot, at));
};

it("records ten wrong secrets of a name in one second, counts the others, and says so afterwards", () => {
  const { clock, trail, events } = start();
  guess(trail, 25, "acme+builder");
  expect(events()).toEqual(Array.from({ length: 10 }, (_, at) => aGuess("acme+builder", at)));
  expect(trail.leftOut).toBe(15);
  clock.advance(1000);
  guess(trail, 2, "acme+builder");
  expect(events().slice(10)).toEqual([
    { ...aGuess("acme+builder", 0), detail: "15 more before it were not recorded" },
    aGuess("acme+builder", 1),
  ]);
  clock.advance(1000);
  guess(trail, 1, "acme+builder");
  expect(events().at(-1)).toEqual(aGuess("acme+builder"));
  expect(trail.leftOut).toBe(15);
});

it("counts each name by itself, and all that are no robot's as one", () => {
  const { trail, events } = start();
  guess(trail, 11, "acme+builder");
  guess(trail, 11, "acme+other");
  guess(trail, 11, undefined);
  expect([events().length, trail.leftOut]).toEqual([30, 3]);
});

it("hands on every other event, and its candidate", () => {
  const { trail, added } = start();
  const candidate = { requestId: "request-1" } as NearMissCandidate;
  guess(trail, 20, "acme+builder");
  added.length = 0;
  const others = [
    anEvent(1, { kind: "registry_token.granted" }),
    anEvent(2, { kind: "registry_token.refused", reason: "credential_expired" }),
    anEvent(3, { kind: "exchange.refused", reason: "credentials_invalid" }),
  ];
  for (const event of others) trail.add(event, candidate);
  expect(added).toEqual(others.map((event) => [event, candidate]));
});

it("remembers a bounded number of names, and forgets the one that began the longest ago", () => {
  const { clock, trail } = start(2);
  guess(trail, 11, "a+a");
  clock.advance(1000);
  guess(trail, 11, "b+b");
  guess(trail, 11, "c+c");
  expect(trail.leftOut).toBe(3);
  // `a+a` was forgotten for `c+c`, and `b+b` for `a+a`.
  guess(trail, 11, "a+a");
  guess(trail, 1, "c+c");
  expect(trail.leftOut).toBe(5);
  guess(trail, 10, "b+b");
  expect(trail.leftOut).toBe(5);
});

it("keeps nothing of the requests that the names were cut from", () => {
  const trail = new SampledTrail({ add: () => undefined }, new TestClock(1_700_000_000_000));
  const kept = bytesKept(trail, (held, robot) => held.add({ ...aGuess(undefined), robot }));
  expect(kept).toBeLessThan(REQUEST_BYTES / 10);
});
