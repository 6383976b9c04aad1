import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import { HOST_OPERATOR } from "../../../src/domain/accounts/caller.ts";
import { createApp } from "../../../src/http/app.ts";
import { OWN_ROUTES } from "../../../src/http/management/own-routes.ts";
import { takesCondition } from "../../../src/http/management/route-errors.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { type ManagementAnswer, manage } from "../../support/management-calls.ts";
import { OWN_SAMPLES, type Sample } from "./own-samples.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

async function sampleOf({ operationId }: { readonly operationId: string }): Promise<Sample> {
  const make = OWN_SAMPLES[operationId];
  if (make === undefined) throw new Error(`${operationId} has no sample`);
  return make(world);
}

function expectReason({ status, body }: ManagementAnswer, expected: number, reason: string): void {
  expect([status, body]).toMatchObject([expected, { reason, status: expected }]);
}

function methodOf({ method }: { readonly method: string }): string {
  return method.toUpperCase();
}

/** What was written by `act`, and its answer. */
async function noting<T>(act: () => Promise<T>): Promise<readonly [T, readonly string[]]> {
  const { length } = await world.changes();
  return [await act(), (await world.changes()).slice(length)];
}

it("has a sample for each route, and no other", () => {
  const ids = OWN_ROUTES.map(({ operationId }) => operationId);
  expect(Object.keys(OWN_SAMPLES).sort()).toEqual(ids.sort());
});

it.each([...OWN_ROUTES])(
  "$operationId answers as the document has it, and leaves its record",
  async (route) => {
    const { path, body, changes = [] } = await sampleOf(route);
    const [answer, written] = await noting(() => world.operator(methodOf(route), path, body));
    expect(answer.status, JSON.stringify(answer.body)).toBe(route.success.status);
    expect(written).toEqual(changes);
    expect(answer.headers.has("etag")).toBe(route.success.hasVersion === true);
    if (route.success.contentType !== undefined) return;
    // Its schema drops what it does not name.
    const schema = route.success.schema as z.ZodType | undefined;
    expect(schema === undefined ? undefined : schema.parse(answer.body)).toEqual(answer.body);
  },
);

it.each(OWN_ROUTES.filter(({ body }) => body !== undefined))(
  "$operationId takes no field that it does not know",
  async (route) => {
    const { path, body } = await sampleOf(route);
    const [answer, written] = await noting(() =>
      world.operator(methodOf(route), path, { ...body, surprise: 1 }),
    );
    expectReason(answer, 400, "request_malformed");
    expect((answer.body as { detail: string }).detail).toContain('Unrecognized key: "surprise"');
    expect(written).toEqual([]);
  },
);

it.each(OWN_ROUTES.filter(({ query }) => query !== undefined))(
  "$operationId takes no query that it does not know",
  async (route) => {
    const { path, body } = await sampleOf(route);
    const asked = `${path}${path.includes("?") ? "&" : "?"}surprise=1`;
    const [answer, written] = await noting(() => world.operator(methodOf(route), asked, body));
    expectReason(answer, 400, "request_malformed");
    expect(written).toEqual([]);
  },
);

it.each(OWN_ROUTES.filter(takesCondition))("$operationId heeds If-Match", async (route) => {
  const { path, body, changes, versionOf } = await sampleOf(route);
  const [stale, nothing] = await noting(() =>
    world.operator(methodOf(route), path, body, { headers: { "if-match": '"stale"' } }),
  );
  expectReason(stale, 412, "precondition_failed");
  expect(nothing).toEqual([]);
  // Nothing stands where something new is to be: no version matches it.
  if (route.success.status === 201 && route.operationId !== "createRule") return;
  const robot = /^\/namespaces\/[^/]+\/robots\/[^/?]+/.exec(path)?.[0];
  const current = await world.operator(...(versionOf ?? ["GET", robot ?? path]), versionOf && body);
  const headers = { "if-match": String(current.headers.get("etag")) };
  const [fresh, written] = await noting(() => world.operator(methodOf(route), path, body, { headers }));
  expect(fresh.status).toBe(route.success.status);
  expect(written).toEqual(changes);
});

it.each(OWN_ROUTES.filter(({ errors }) => errors.includes("conflict")))(
  "$operationId gives up while others keep writing",
  async (route) => {
    const { path, body } = await sampleOf(route);
    const { directory, apiTokens } = world.berth.deps;
    const overtaken = {
      commitNamespace: async () => "conflict",
      commitSystem: async () => "conflict",
      add: async () => false,
    };
    const app = createApp({
      ...world.berth.deps,
      directory: instead(directory, overtaken),
      apiTokens: instead(apiTokens, overtaken),
      localCaller: () => HOST_OPERATOR,
    });
    const [answer, written] = await noting(() => manage(app, methodOf(route), path, body && { body }));
    expectReason(answer, 409, "conflict");
    expect(written).toEqual([]);
  },
);

/** `port`, but for some of its methods. */
function instead<Port extends object>(port: Port, methods: Readonly<Record<string, unknown>>): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = methods[String(name)] ?? Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

describe("without a store", () => {
  let down: ManagedBerth;
  beforeAll(async () => {
    down = await startManagedBerth();
  });
  afterAll(() => down.berth.close());

  it("every route answers 503, and none grants anything", async () => {
    const samples = new Map<string, Sample>();
    for (const { operationId } of OWN_ROUTES) {
      await down.reset();
      const sample = await OWN_SAMPLES[operationId]?.(down);
      if (sample) samples.set(operationId, sample);
    }
    const app = createApp({ ...down.berth.deps, localCaller: () => HOST_OPERATOR });
    down.berth.breakStore();
    for (const { operationId, method } of OWN_ROUTES) {
      // It says what the caller knows already.
      if (operationId === "getOwnApiToken") continue;
      const { path = "", body } = samples.get(operationId) ?? {};
      const answer = await manage(app, method.toUpperCase(), path, body && { body });
      expect([operationId, answer.status, answer.body]).toMatchObject([
        operationId,
        503,
        { reason: "store_unavailable" },
      ]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });
});
