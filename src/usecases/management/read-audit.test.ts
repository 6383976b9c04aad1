import { afterEach, beforeEach, expect, it } from "vitest";
import { anEvent } from "../../../test/support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../../test/support/berth-app.ts";
import { err, ok } from "../../domain/result.ts";
import { readAudit } from "./read-audit.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
});
afterEach(() => berth.close());

/** The number of each, so that an event is known by it. */
const record = (count: number) =>
  berth.ledger.record(
    Array.from({ length: count }, (_, at) => anEvent(at, { kind: "exchange.refused", requestId: `${at}` })),
  );
const REFUSED = { kind: "exchange.refused" } as const;

async function read(limit: number, after?: string) {
  const page = await readAudit(berth, REFUSED, { limit, ...(after && { after }) });
  if (!page.ok) throw new Error(page.error.reason);
  return page.value;
}

it("gives the events that are asked for, a page at a time", async () => {
  await record(3);
  const first = await read(2);
  expect(first.events.map(({ requestId }) => requestId)).toEqual(["2", "1"]);
  const last = await readAudit(berth, REFUSED, { limit: 2, ...(first.next && { after: first.next }) });
  expect(last).toEqual(ok({ events: [anEvent(0, { kind: "exchange.refused", requestId: "0" })] }));
});

it.each([
  [-5, 1],
  [0, 1],
  [1, 1],
  [1000, 1000],
  [1001, 1000],
])("takes %i for a page of %i", async (limit, size) => {
  await record(1001);
  expect((await read(limit)).events).toHaveLength(size);
});

it("is refused when the store does not answer", async () => {
  berth.breakStore();
  expect(await readAudit(berth, {}, { limit: 10 })).toEqual(
    err({ reason: "store_unavailable", detail: expect.any(String) }),
  );
});
