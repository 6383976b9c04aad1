import { afterEach, beforeEach, expect, it } from "vitest";
import { aNearMiss, anEvent } from "../../../test/support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../../test/support/berth-app.ts";
import { HOST_OPERATOR } from "../../domain/accounts/caller.ts";
import { err, ok } from "../../domain/result.ts";
import { purgeSubject } from "./purge-subject.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

const SUBJECT = "user:alice";
const CONTEXT = { caller: HOST_OPERATOR, requestId: "request-9" };

it("removes what is known of a subject, and leaves an event without it", async () => {
  const now = berth.clock.now();
  const miss = aNearMiss({ claims: { sub: SUBJECT } });
  await berth.nearMisses.keep("acme", [{ miss, at: now, requestId: "request-1" }], 0, now);
  const other = anEvent(now, { subject: "user:bob" });
  await berth.ledger.record([anEvent(now, { subject: SUBJECT }), other]);
  expect(await purgeSubject(berth, SUBJECT, { ...CONTEXT, clientAddress: "192.0.2.7" })).toEqual(
    ok({ removed: 2 }),
  );
  const [purged, next] = await berth.ledger.readEvents(2);
  expect(purged).toStrictEqual({
    kind: "audit.purged",
    at: now,
    requestId: "request-9",
    actor: "operator",
    detail: "records removed: 2",
    clientAddress: "192.0.2.7",
  });
  expect(next).toStrictEqual(other);
  expect(JSON.stringify(await berth.ledger.readEvents(100))).not.toContain(SUBJECT);
  expect(await berth.nearMisses.read("acme", now)).toEqual({ misses: [], others: 0 });
});

it("leaves an event when there was nothing to remove", async () => {
  expect(await purgeSubject(berth, SUBJECT, CONTEXT)).toEqual(ok({ removed: 0 }));
  expect(await berth.ledger.readEvents(1)).toStrictEqual([
    {
      kind: "audit.purged",
      at: berth.clock.now(),
      requestId: "request-9",
      actor: "operator",
      detail: "records removed: 0",
    },
  ]);
});

it("is refused when the store does not answer", async () => {
  berth.breakStore();
  expect(await purgeSubject(berth, SUBJECT, CONTEXT)).toEqual(
    err({ reason: "store_unavailable", detail: expect.any(String) }),
  );
});
