import { expect, it } from "vitest";
import { aFullEvent } from "../../../test/support/full-event.ts";
import { auditRecord } from "../../domain/audit-record.ts";
import { auditLine, lineSink } from "./audit-sink.ts";

it("makes one line of an event, whatever a field holds", () => {
  const event = { ...aFullEvent(), detail: 'a\r\n{"kind":"b"}\u2028' };
  const line = auditLine(event);
  expect(line.split("\n")).toEqual([expect.any(String), ""]);
  expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(auditRecord(event))));
});

it("writes a line for each event", async () => {
  const lines: string[] = [];
  const sink = lineSink((line) => lines.push(line));
  sink.write([aFullEvent(), aFullEvent()]);
  sink.write([]);
  await sink.close();
  expect(lines).toEqual([auditLine(aFullEvent()), auditLine(aFullEvent())]);
  expect(sink.lost).toBe(0);
});
