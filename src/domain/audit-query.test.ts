import { describe, expect, it } from "vitest";
import { anEvent } from "../../test/support/baseline.ts";
import type { AuditEvent } from "./audit-event.ts";
import { type AuditQuery, matchesAuditQuery, namespaceOfEvent } from "./audit-query.ts";

const EVENT = anEvent(1000, {
  kind: "exchange.refused",
  reason: "no_match",
  credentialId: "07a",
  replacedCredentialId: "07b",
  provenance: { repository: "acme/app", run_id: "42" },
});

describe("matchesAuditQuery", () => {
  it.each<{ query: AuditQuery; matches: boolean }>([
    { query: {}, matches: true },
    { query: { namespace: "acme" }, matches: true },
    { query: { namespace: "other" }, matches: false },
    { query: { robot: "acme+builder" }, matches: true },
    { query: { robot: "acme+build" }, matches: false },
    { query: { kind: "exchange.refused" }, matches: true },
    { query: { kind: "exchange.granted" }, matches: false },
    { query: { reason: "no_match" }, matches: true },
    { query: { reason: "replayed" }, matches: false },
    { query: { requestId: "request-1" }, matches: true },
    { query: { requestId: "request-2" }, matches: false },
    { query: { credentialId: "07a" }, matches: true },
    { query: { credentialId: "07b" }, matches: true },
    { query: { credentialId: "07c" }, matches: false },
    { query: { run: "42" }, matches: true },
    { query: { run: "run_id" }, matches: false },
    { query: { since: 1000 }, matches: true },
    { query: { since: 1001 }, matches: false },
    { query: { until: 1001 }, matches: true },
    { query: { until: 1000 }, matches: false },
    {
      query: { namespace: "acme", kind: "exchange.refused", run: "42", since: 0, until: 2000 },
      matches: true,
    },
    {
      query: { namespace: "acme", kind: "exchange.refused", run: "43", since: 0, until: 2000 },
      matches: false,
    },
  ])("says $matches of $query", ({ query, matches }) => {
    expect(matchesAuditQuery(EVENT, query)).toBe(matches);
  });

  it("finds no run in an event without provenance", () => {
    const { provenance: _, ...event } = EVENT;
    expect(matchesAuditQuery(event, { run: "42" })).toBe(false);
  });
});

describe("namespaceOfEvent", () => {
  const BARE: AuditEvent = { kind: "directory.changed", at: 1, requestId: "request-1" };

  it.each<{ change: Partial<AuditEvent>; namespace: string | undefined }>([
    { change: { namespace: "acme" }, namespace: "acme" },
    { change: { robot: "acme+builder" }, namespace: "acme" },
    { change: { namespace: "acme", robot: "other+builder" }, namespace: "acme" },
    { change: { robot: "nobody" }, namespace: undefined },
    { change: {}, namespace: undefined },
  ])("of $change is $namespace", ({ change, namespace }) => {
    expect(namespaceOfEvent({ ...BARE, ...change })).toBe(namespace);
  });
});
