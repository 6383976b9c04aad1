import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOST_OPERATOR } from "../../../src/domain/accounts/caller.ts";
import { createApp } from "../../../src/http/app.ts";
import { UnavailableError } from "../../../src/usecases/ports.ts";
import { anEvent } from "../../support/baseline.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { apiToken } from "../../support/management-calls.ts";

let world: ManagedBerth;
// A Berth each: the record is not put back.
beforeEach(async () => {
  world = await startManagedBerth();
});
afterEach(() => world.berth.close());

const LINES = "application/x-ndjson";

interface Page {
  readonly events: readonly { readonly kind: string; readonly request_id: string; readonly time: string }[];
  readonly next_page?: string;
}

async function ids(path: string): Promise<readonly string[]> {
  const { status, body } = await world.operator("GET", path);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as Page).events.map(({ request_id: id }) => id);
}

async function record(count: number, change: object = {}): Promise<void> {
  const at = world.berth.clock.now();
  const events = Array.from({ length: count }, (_, index) =>
    anEvent(at + index, { requestId: `event-${String(index).padStart(4, "0")}`, ...change }),
  );
  await world.berth.ledger.record(events);
}

async function lines(path: string, accept = LINES): Promise<Response> {
  const token = await apiToken(world.berth);
  return world.berth.app.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, accept } });
}

describe("the audit record", () => {
  it("shows who changed what, before and after, and no hash or nonce", async () => {
    await world.operator("PATCH", "/namespaces/acme/robots/builder", { description: "new" });
    const { status, body } = await world.operator("GET", "/namespaces/acme/audit?limit=1");
    const actor = ((await world.operator("GET", "/tokens/self")).body as { actor: string }).actor;
    expect([status, body]).toEqual([
      200,
      {
        events: [
          {
            time: new Date(world.berth.clock.now()).toISOString(),
            kind: "directory.changed",
            request_id: expect.any(String),
            actor,
            namespace: "acme",
            robot: "acme+builder",
            changes: [
              { object: "robot acme+builder", before: { description: "" }, after: { description: "new" } },
            ],
          },
        ],
        next_page: expect.any(String),
      },
    ]);
  });

  it.each<[string, object]>([
    ["kind=registry_token.refused", { kind: "registry_token.refused" }],
    ["reason=no_match", { kind: "exchange.refused", reason: "no_match" }],
    ["credential_id=07ab", { credentialId: "07ab" }],
    ["request_id=wanted", {}],
    ["run=4711", { provenance: { run_id: "4711" } }],
    ["robot=other", { robot: "acme+other" }],
  ])("is asked by %s", async (query, change) => {
    await record(3);
    await world.berth.ledger.record([anEvent(world.berth.clock.now(), { requestId: "wanted", ...change })]);
    expect(await ids(`/namespaces/acme/audit?${query}`)).toEqual(["wanted"]);
  });

  it("is asked by time", async () => {
    await record(10);
    const time = (offset: number) =>
      encodeURIComponent(new Date(world.berth.clock.now() + offset).toISOString());
    const query = `kind=exchange.granted&since=${time(3)}&until=${time(6)}`;
    expect(await ids(`/audit?${query}`)).toEqual(["event-0005", "event-0004", "event-0003"]);
  });

  it("of a namespace has no other's events", async () => {
    await record(1, { robot: "other+builder", requestId: "foreign" });
    expect(await ids("/namespaces/acme/audit")).not.toContain("foreign");
    expect(await ids("/audit?namespace=other")).toEqual(["foreign"]);
    expect(await ids("/audit?robot=other%2Bbuilder")).toEqual(["foreign"]);
  });

  it.each([
    "kind=anything",
    "since=yesterday",
    "since=1969-12-31T23:59:59Z",
    "robot=Not%20one",
    "limit=0",
    "limit=1001",
    "next_page=%25",
    "robt=builder",
  ])("refuses the query %s", async (query) => {
    const { status, body } = await world.operator("GET", `/namespaces/acme/audit?${query}`);
    expect([status, body]).toMatchObject([400, { reason: "request_malformed" }]);
  });

  it("is read a page at a time to its end", async () => {
    await record(25);
    const seen: string[] = [];
    let next = "";
    do {
      const { body } = await world.operator("GET", `/audit?kind=exchange.granted&limit=10${next}`);
      const page = body as Page;
      expect(page.events.length).toBeLessThanOrEqual(10);
      seen.push(...page.events.map(({ request_id: id }) => id));
      next = page.next_page === undefined ? "" : `&next_page=${page.next_page}`;
    } while (next !== "");
    expect(seen).toHaveLength(25);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });
});

describe("as JSON lines", () => {
  it("is all of it, a line each, from one request", async () => {
    await record(25);
    const response = await lines("/audit?kind=exchange.granted&limit=10");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, LINES]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-request-id")).toEqual(expect.any(String));
    const text = await response.text();
    expect(text.endsWith("\n")).toBe(true);
    const events = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Page["events"][number]);
    expect(events.map(({ request_id: id }) => id)).toEqual(
      Array.from({ length: 25 }, (_, at) => `event-${String(24 - at).padStart(4, "0")}`),
    );
  });

  it("has nothing of a record without events", async () => {
    expect(await (await lines("/audit?run=nothing")).text()).toBe("");
  });

  it.each([
    ["*/*", "application/json"],
    ["application/json, application/x-ndjson", "application/json"],
    ["Application/X-NDJSON;q=1, application/json", LINES],
  ])("is asked for by Accept: %s", async (accept, type) => {
    const response = await lines("/audit", accept);
    expect(response.headers.get("content-type")).toBe(type);
    await response.body?.cancel();
  });

  it("breaks off where the store stops answering, and is no page then", async () => {
    await record(25);
    let reads = 0;
    const { auditLog } = world.berth.deps;
    const failing = {
      query: async (...args: Parameters<typeof auditLog.query>) => {
        reads += 1;
        if (reads > 2) throw new UnavailableError("down");
        return auditLog.query(...args);
      },
      purgeSubject: async () => 0,
    };
    const app = createApp({ ...world.berth.deps, auditLog: failing, localCaller: () => HOST_OPERATOR });
    const path = "/api/v1/audit?kind=exchange.granted&limit=10";
    const response = await app.request(path, { headers: { accept: LINES } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("the audit record cannot be read on");
  });

  it("is not read on for who has gone", async () => {
    await record(25);
    let reads = 0;
    const { auditLog } = world.berth.deps;
    const counting = {
      query: (...args: Parameters<typeof auditLog.query>) => {
        reads += 1;
        return auditLog.query(...args);
      },
      purgeSubject: async () => 0,
    };
    const app = createApp({ ...world.berth.deps, auditLog: counting, localCaller: () => HOST_OPERATOR });
    const response = await app.request("/api/v1/audit?limit=1", { headers: { accept: LINES } });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(reads).toBeLessThan(4);
  });
});

it("forgets a subject, and does not write its name down again", async () => {
  const subject = "project_path:alice/app:ref_type:branch:ref:main";
  await record(3, { subject });
  const { status, body } = await world.operator("POST", "/audit/purge", { subject });
  expect([status, body]).toEqual([200, { removed: 3 }]);
  const { body: left } = await world.operator("GET", "/audit");
  expect(JSON.stringify(left)).not.toContain(subject);
  expect((left as Page).events[0]).toMatchObject({ kind: "audit.purged", detail: "records removed: 3" });
});
