import { expect, it } from "vitest";
import { parseTraceparent } from "./trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const FOUND = { trace_id: TRACE, span_id: SPAN };

it.each([
  ["version 00", `00-${TRACE}-${SPAN}-01`],
  ["flags that are not known yet", `00-${TRACE}-${SPAN}-ff`],
  ["a later version", `cc-${TRACE}-${SPAN}-01`],
  ["a later version with more behind it", `01-${TRACE}-${SPAN}-01-what.the.future-brings`],
])("takes %s", (_, header) => {
  expect(parseTraceparent(header)).toEqual(FOUND);
});

it.each<[string, string | undefined]>([
  ["no header", undefined],
  ["an empty one", ""],
  ["version ff", `ff-${TRACE}-${SPAN}-01`],
  ["more behind version 00", `00-${TRACE}-${SPAN}-01-more`],
  ["a later version with more that is not set off", `01-${TRACE}-${SPAN}-01more`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["a version of three digits", `000-${TRACE}-${SPAN}-01`],
  ["a trace that is short by one", `00-${TRACE.slice(1)}-${SPAN}-01`],
  ["a span that is short by one", `00-${TRACE}-${SPAN.slice(1)}-01`],
  ["flags that are short by one", `00-${TRACE}-${SPAN}-1`],
  ["no flags", `00-${TRACE}-${SPAN}`],
  ["letters beyond f", `00-${TRACE.slice(1)}g-${SPAN}-01`],
  ["a space before it", ` 00-${TRACE}-${SPAN}-01`],
  ["a header that came twice", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ["underscores", `00_${TRACE}_${SPAN}_01`],
])("ignores %s", (_, header) => {
  expect(parseTraceparent(header)).toBe(undefined);
});
